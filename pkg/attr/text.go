package attr

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Text is free text of at most 255 bytes, such as a link's alias: UTF-8
// without control characters. Where it is printed, spaces, commas, backslashes
// and what is not printable ASCII are written \xNN, byte by byte, so that a text
// is one word of one line wherever it stands.
type Text string

const textMax = 255 // IFALIASZ - 1

var typeText = &Type{
	Name: "text",
	Doc:  `text of at most 255 bytes; a space, comma or backslash may be written \x20, \x2c, \x5c`,
	CDDL: "tstr .size (0..255)",
	atoms: globAtoms(textMax, func(p Pattern) (string, bool) {
		t, ok := p.(textPattern)
		return string(t), ok
	}, func(s string) Value { return Text(s) }),
	Parse: func(text string) (Value, error) {
		s, err := unescape(text)
		if err != nil {
			return nil, err
		}
		v := Text(s)
		if err := v.Check(); err != nil {
			return nil, err
		}
		return v, nil
	},
	Pattern: func(text string) (Pattern, error) {
		s, err := unescape(text)
		if err != nil {
			return nil, err
		}
		if text == "" {
			return nil, fmt.Errorf("want a text, in which * and ? are wildcards")
		}
		if wildcards(s) != wildcards(text) {
			return nil, fmt.Errorf("%q: * and ? are wildcards, also when they are escaped", text)
		}
		return textPattern(s), Text(s).Check()
	},
}

func wildcards(s string) int { return strings.Count(s, "*") + strings.Count(s, "?") }

type textPattern string

func (p textPattern) Match(v Value) bool {
	t, ok := v.(Text)
	return ok && globMatch(string(p), string(t))
}

func (p textPattern) String() string { return escape(string(p)) }

func (Text) Type() *Type { return typeText }

func (v Text) Check() error {
	if len(v) > textMax {
		return fmt.Errorf("want at most %d bytes", textMax)
	}
	if !utf8.ValidString(string(v)) {
		return fmt.Errorf("want UTF-8")
	}
	if i := strings.IndexFunc(string(v), unicode.IsControl); i >= 0 {
		return fmt.Errorf("want no control character, found one at byte %d", i)
	}
	return nil
}

func (v Text) String() string { return escape(string(v)) }

// escape writes what would break a word or a line as \xNN.
func escape(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || c == ',' || c == '\\' || c == '#' {
			fmt.Fprintf(&b, `\x%02x`, c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func unescape(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		if len(s) < i+4 || s[i+1] != 'x' {
			return "", fmt.Errorf(`%q: want \xNN after a backslash`, s)
		}
		n, err := strconv.ParseUint(s[i+2:i+4], 16, 8)
		if err != nil {
			return "", fmt.Errorf(`%q: want \xNN after a backslash`, s)
		}
		b.WriteByte(byte(n))
		i += 3
	}
	return b.String(), nil
}
