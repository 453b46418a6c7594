package attr

import "fmt"

// glob is the pattern of names: `*` stands for any run of characters, `?` for
// one, everything else for itself.
type glob[T interface {
	~string
	Value
}] string

func (g glob[T]) Match(v Value) bool {
	s, ok := v.(T)
	return ok && globMatch(string(g), s.String())
}

func (g glob[T]) String() string { return string(g) }

// globMatch reports whether the whole of s matches. It takes time in the
// product of the two lengths at worst.
func globMatch(pattern, s string) bool {
	p, i := 0, 0
	star, resume := -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			resume++
			p, i = star+1, resume
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// parseGlob accepts a pattern of at most max characters of which each is a
// wildcard or may stand in a name.
func parseGlob[T interface {
	~string
	Value
}](text string, max int, allowed func(byte) bool) (Pattern, error) {
	if text == "" || len(text) > max {
		return nil, fmt.Errorf("%q: want 1 to %d characters", text, max)
	}
	for i := range len(text) {
		if c := text[i]; c != '*' && c != '?' && !allowed(c) {
			return nil, fmt.Errorf("%q: %q cannot stand in such a name", text, c)
		}
	}
	return glob[T](text), nil
}

// globText returns the text of a glob over values of type T.
func globText[T interface {
	~string
	Value
}](p Pattern) (string, bool) {
	g, ok := p.(glob[T])
	return string(g), ok
}
