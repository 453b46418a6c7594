package attr

import "fmt"

// A Flag is on or off. A flag that is left out of a request stays as it is.
type Flag bool

var typeFlag = &Type{
	Name:  "flag",
	Doc:   "on or off",
	CDDL:  "bool",
	Words: []string{"on", "off"},
	atoms: func([]Pattern) ([]Value, bool) { return []Value{Flag(true), Flag(false)}, true },
	Parse: func(text string) (Value, error) {
		return parseFlag(text)
	},
	Pattern: func(text string) (Pattern, error) {
		v, err := parseFlag(text)
		return flagPattern(v), err
	},
}

func parseFlag(text string) (Flag, error) {
	switch text {
	case "on":
		return true, nil
	case "off":
		return false, nil
	}
	return false, fmt.Errorf("%q: want on or off", text)
}

type flagPattern Flag

func (p flagPattern) Match(v Value) bool {
	f, ok := v.(Flag)
	return ok && f == Flag(p)
}

func (p flagPattern) String() string { return Flag(p).String() }

func (Flag) Type() *Type  { return typeFlag }
func (Flag) Check() error { return nil }

func (v Flag) String() string {
	if v {
		return "on"
	}
	return "off"
}
