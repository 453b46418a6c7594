package attr

import "fmt"

// nameByte reports whether c may stand in the name of a link or a namespace.
func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '_' || c == '.' || c == '-' || c == '@'
}

// checkName says why s is no name. A name starts with a letter, a digit or an
// underscore, so that it is never taken for an option, a path or a number sign.
func checkName(s string, max int) error {
	if s == "" || len(s) > max {
		return fmt.Errorf("want a name of 1 to %d characters", max)
	}
	for i := range len(s) {
		if !nameByte(s[i]) {
			return fmt.Errorf("want a name of letters, digits and ._-@, not %q", s[i])
		}
	}
	if c := s[0]; c == '.' || c == '-' || c == '@' {
		return fmt.Errorf("want a name that starts with a letter, a digit or _, not %q", c)
	}
	return nil
}
