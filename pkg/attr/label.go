package attr

import "fmt"

// A Label is the label of an IPv4 address (IFA_LABEL): the name of its link, or
// that with a colon and more behind it, 15 characters at most.
type Label string

var typeLabel = &Type{
	Name:  "label",
	Doc:   "label of an IPv4 address: the link's name, perhaps with :SUFFIX",
	CDDL:  `tstr .regexp "[A-Za-z0-9_][A-Za-z0-9_.@:-]{0,14}"`,
	atoms: globAtoms(ifnameMax, globText[Label], func(s string) Value { return Label(s) }),
	Parse: func(text string) (Value, error) {
		v := Label(text)
		if err := v.Check(); err != nil {
			return nil, fmt.Errorf("%q: %w", text, err)
		}
		return v, nil
	},
	Pattern: func(text string) (Pattern, error) {
		return parseGlob[Label](text, ifnameMax, labelByte)
	},
}

func labelByte(c byte) bool { return nameByte(c) || c == ':' }

func (Label) Type() *Type { return typeLabel }

func (v Label) Check() error {
	if v == "" || len(v) > ifnameMax {
		return fmt.Errorf("want a label of 1 to %d characters", ifnameMax)
	}
	for i := range len(v) {
		if !labelByte(v[i]) || i == 0 && checkName(string(v[:1]), 1) != nil {
			return fmt.Errorf("want a label of letters, digits and ._-@:, not %q", v[i])
		}
	}
	return nil
}

func (v Label) String() string { return string(v) }
