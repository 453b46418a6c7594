package attr

import "fmt"

// An AltName is an alternative name of a link (IFLA_ALT_IFNAME): 1 to 127
// characters in the grammar of [IfName].
type AltName string

const altnameMax = 127 // ALTIFNAMSIZ - 1

var typeAltName = &Type{
	Name:  "altname",
	Doc:   "alternative name of a link: 1 to 127 letters, digits and ._-@, of which .-@ cannot come first",
	CDDL:  `tstr .regexp "[A-Za-z0-9_][A-Za-z0-9_.@-]{0,126}"`,
	atoms: globAtoms(altnameMax, globText[AltName], func(s string) Value { return AltName(s) }),
	Parse: func(text string) (Value, error) {
		v := AltName(text)
		if err := v.Check(); err != nil {
			return nil, fmt.Errorf("%q: %w", text, err)
		}
		return v, nil
	},
	Pattern: func(text string) (Pattern, error) {
		return parseGlob[AltName](text, altnameMax, nameByte)
	},
}

func (AltName) Type() *Type      { return typeAltName }
func (v AltName) Check() error   { return checkName(string(v), altnameMax) }
func (v AltName) String() string { return string(v) }
