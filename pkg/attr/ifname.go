package attr

import "fmt"

// An IfName is the canonical name of a link (IFLA_IFNAME): 1 to 15 characters,
// stricter than the kernel's own grammar, never truncated or expanded.
type IfName string

const ifnameMax = 15 // IFNAMSIZ - 1

var typeIfName = &Type{
	Name:  "ifname",
	Doc:   "name of a link: 1 to 15 letters, digits and ._-@, of which .-@ cannot come first",
	CDDL:  `tstr .regexp "[A-Za-z0-9_][A-Za-z0-9_.@-]{0,14}"`,
	atoms: globAtoms(ifnameMax, globText[IfName], func(s string) Value { return IfName(s) }),
	Parse: func(text string) (Value, error) {
		v := IfName(text)
		if err := v.Check(); err != nil {
			return nil, fmt.Errorf("%q: %w", text, err)
		}
		return v, nil
	},
	Pattern: func(text string) (Pattern, error) {
		return parseGlob[IfName](text, ifnameMax, nameByte)
	},
}

func (IfName) Type() *Type      { return typeIfName }
func (v IfName) Check() error   { return checkName(string(v), ifnameMax) }
func (v IfName) String() string { return string(v) }
