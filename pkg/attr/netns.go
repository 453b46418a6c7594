package attr

import "fmt"

// A NetNS is the name of a network namespace, as ip-netns(8) keeps it in
// /run/netns. The name "." is the namespace in which the helper was started.
// It is one component of a path and never a path.
type NetNS string

// OwnNetNS is the namespace in which the helper was started.
const OwnNetNS NetNS = "."

const netnsMax = 255 // NAME_MAX

var typeNetNS = &Type{
	Name:  "netns",
	Doc:   "name of a network namespace in /run/netns, or . for the helper's own",
	CDDL:  `"." / tstr .regexp "[A-Za-z0-9_][A-Za-z0-9_.@-]{0,254}"`,
	Words: []string{"."},
	atoms: netnsAtoms,
	Parse: func(text string) (Value, error) {
		v := NetNS(text)
		if err := v.Check(); err != nil {
			return nil, fmt.Errorf("%q: %w", text, err)
		}
		return v, nil
	},
	Pattern: func(text string) (Pattern, error) {
		p, err := parseGlob[NetNS](text, netnsMax, nameByte)
		if err != nil {
			return nil, err
		}
		return netnsPattern{p}, nil
	},
}

// netnsPattern is a glob over names; the helper's own namespace has to be named.
type netnsPattern struct{ glob Pattern }

func (p netnsPattern) Match(v Value) bool {
	if v == OwnNetNS {
		return p.glob.String() == string(OwnNetNS)
	}
	return p.glob.Match(v)
}

func (p netnsPattern) String() string { return p.glob.String() }

// netnsAtoms are those of names, and the namespace that has to be named.
func netnsAtoms(patterns []Pattern) ([]Value, bool) {
	atoms, ok := globAtoms(netnsMax, func(p Pattern) (string, bool) {
		n, ok := p.(netnsPattern)
		if !ok {
			return "", false
		}
		return globText[NetNS](n.glob)
	}, func(s string) Value {
		if s == string(OwnNetNS) {
			s = "" // it is no name
		}
		return NetNS(s)
	})(patterns)
	return append(atoms, OwnNetNS), ok
}

func (NetNS) Type() *Type { return typeNetNS }

func (v NetNS) Check() error {
	if v == OwnNetNS {
		return nil
	}
	return checkName(string(v), netnsMax)
}

func (v NetNS) String() string { return string(v) }
