package attr

import (
	"fmt"
	"slices"
	"strings"
)

// wordType makes a type whose values are words of a closed set.
func wordType(name string, words []string, value func(string) Value) *Type {
	return &Type{
		Name:  name,
		Doc:   "one of " + strings.Join(words, ", "),
		CDDL:  `"` + strings.Join(words, `" / "`) + `"`,
		Words: words,
		atoms: wordAtoms(words, value),
		Parse: func(text string) (Value, error) {
			if err := checkWord(text, words); err != nil {
				return nil, fmt.Errorf("%q: %w", text, err)
			}
			return value(text), nil
		},
		Pattern: func(text string) (Pattern, error) {
			if err := checkWord(text, words); err != nil {
				return nil, fmt.Errorf("%q: %w", text, err)
			}
			return exactly{value(text)}, nil
		},
	}
}

func checkWord(s string, words []string) error {
	if !slices.Contains(words, s) {
		return fmt.Errorf("want one of %s", strings.Join(words, ", "))
	}
	return nil
}

// exactly is the pattern of one value.
type exactly struct{ value Value }

func (p exactly) Match(v Value) bool { return v == p.value }
func (p exactly) String() string     { return p.value.String() }
