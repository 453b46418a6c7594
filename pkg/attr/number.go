package attr

import (
	"fmt"
	"strconv"
	"strings"
)

// number is what numeric types share: a range, names for some values, and
// patterns that are single values or ranges.
type number[T interface {
	~uint8 | ~uint16 | ~uint32 | ~uint64
	Value
}] struct {
	min, max T
	// words names values; the first name of a value is its canonical text.
	words []word[T]
	// closed admits the named values only, and no numbers in their place.
	closed bool
	// hex writes values in base 16.
	hex bool
}

type word[T any] struct {
	name  string
	value T
}

func (n *number[T]) check(v T) error {
	if n.closed {
		for _, w := range n.words {
			if w.value == v {
				return nil
			}
		}
		return fmt.Errorf("want %s", n.want())
	}
	if v < n.min || v > n.max {
		return fmt.Errorf("want %s", n.want())
	}
	return nil
}

// fewNames is how many names an error lists.
const fewNames = 5

// want says which values there are.
func (n *number[T]) want() string {
	if n.closed {
		return strings.Join(n.names(), ", ")
	}
	span := n.format(n.min) + " to " + n.format(n.max)
	if names := n.names(); len(names) > 0 && len(names) <= fewNames {
		return strings.Join(names, ", ") + " or " + span
	}
	return span
}

func (n *number[T]) print(v T) string {
	for _, w := range n.words {
		if w.value == v {
			return w.name
		}
	}
	return n.format(v)
}

func (n *number[T]) format(v T) string {
	if n.hex {
		return "0x" + strconv.FormatUint(uint64(v), 16)
	}
	return strconv.FormatUint(uint64(v), 10)
}

func (n *number[T]) parse(text string) (T, error) {
	for _, w := range n.words {
		if w.name == text {
			return w.value, nil
		}
	}
	if n.closed {
		return 0, fmt.Errorf("%q: want %s", text, n.want())
	}
	u, err := parseUint(text, n.hex)
	if err != nil || uint64(T(u)) != u {
		return 0, fmt.Errorf("%q: want %s", text, n.want())
	}
	v := T(u)
	if err := n.check(v); err != nil {
		return 0, fmt.Errorf("%q: %w", text, err)
	}
	return v, nil
}

// parseUint reads an unsigned number without sign, underscore or leading zero.
func parseUint(text string, hex bool) (uint64, error) {
	digits, base := text, 10
	if rest, ok := strings.CutPrefix(text, "0x"); ok && hex {
		digits, base = rest, 16
	}
	if len(digits) > 1 && digits[0] == '0' || strings.ContainsAny(digits, "+-_") {
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseUint(digits, base, 64)
}

// names returns the canonical words.
func (n *number[T]) names() []string {
	var names []string
	seen := make(map[T]bool)
	for _, w := range n.words {
		if !seen[w.value] {
			names = append(names, w.name)
			seen[w.value] = true
		}
	}
	return names
}

func (n *number[T]) cddl() string {
	if n.closed {
		values := make([]string, 0, len(n.words))
		seen := make(map[T]bool)
		for _, w := range n.words {
			if !seen[w.value] {
				values = append(values, fmt.Sprintf("%q: %d", w.name, uint64(w.value)))
				seen[w.value] = true
			}
		}
		return "&(" + strings.Join(values, ", ") + ")"
	}
	return fmt.Sprintf("%d..%d", uint64(n.min), uint64(n.max))
}

// typ makes the type of the values that n describes.
func (n *number[T]) typ(name, doc string) *Type {
	return &Type{
		Name:  name,
		Doc:   doc,
		CDDL:  n.cddl(),
		Words: n.names(),
		atoms: n.atoms,
		Parse: func(text string) (Value, error) {
			v, err := n.parse(text)
			if err != nil {
				return nil, err
			}
			return v, nil
		},
		Pattern: func(text string) (Pattern, error) {
			from, to, ranged := strings.Cut(text, "..")
			if ranged && n.closed {
				return nil, fmt.Errorf("%q: want one of %s", text, n.want())
			}
			lo, err := n.parse(from)
			if err != nil {
				return nil, err
			}
			hi := lo
			if ranged {
				if hi, err = n.parse(to); err != nil {
					return nil, err
				}
				if lo >= hi {
					return nil, fmt.Errorf("%q: the range is empty or a single value", text)
				}
			}
			return span[T]{lo: lo, hi: hi, print: n.print}, nil
		},
	}
}

// span is the pattern of numbers: lo..hi, both included.
type span[T interface {
	~uint8 | ~uint16 | ~uint32 | ~uint64
	Value
}] struct {
	lo, hi T
	print  func(T) string
}

func (s span[T]) Match(v Value) bool {
	n, ok := v.(T)
	return ok && s.lo <= n && n <= s.hi
}

func (s span[T]) String() string {
	if s.lo == s.hi {
		return s.print(s.lo)
	}
	return s.print(s.lo) + ".." + s.print(s.hi)
}
