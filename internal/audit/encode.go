package audit

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// An encoder appends the members of a JSON object (RFC 8259) in printable ASCII.
type encoder []byte

// key begins a member.
func (e *encoder) key(name string) {
	separator := byte(',')
	if n := len(*e); n == 0 || (*e)[n-1] == '\n' {
		separator = '{'
	}
	*e = append(*e, separator, '"')
	*e = append(*e, name...)
	*e = append(*e, '"', ':')
}

// text appends a member unless it is empty, as all the others do.
func (e *encoder) text(name, value string) {
	if value != "" {
		e.key(name)
		e.quote(value)
	}
}

func (e *encoder) number(name string, value uint64) {
	if value != 0 {
		e.key(name)
		*e = strconv.AppendUint(*e, value, 10)
	}
}

// id appends a member of which 0 is a value like any other.
func (e *encoder) id(name string, value uint32) {
	e.key(name)
	*e = strconv.AppendUint(*e, uint64(value), 10)
}

// verbatim appends a member whose value has nothing in it to be escaped.
func (e *encoder) verbatim(name string, value []byte) {
	e.key(name)
	*e = append(*e, '"')
	*e = append(*e, value...)
	*e = append(*e, '"')
}

func (e *encoder) ids(name string, values []uint32) {
	e.array(name, len(values), func(i int) { *e = strconv.AppendUint(*e, uint64(values[i]), 10) })
}

func (e *encoder) texts(name string, values []string) {
	e.array(name, len(values), func(i int) { e.quote(values[i]) })
}

func (e *encoder) links(name string, values []Link) {
	e.array(name, len(values), func(i int) {
		*e = append(*e, `{"name":`...)
		e.quote(values[i].Name)
		*e = append(*e, `,"index":`...)
		*e = strconv.AppendUint(*e, uint64(values[i].Index), 10)
		*e = append(*e, '}')
	})
}

func (e *encoder) array(name string, n int, element func(i int)) {
	if n == 0 {
		return
	}
	e.key(name)
	separator := byte('[')
	for i := range n {
		*e = append(*e, separator)
		element(i)
		separator = ','
	}
	*e = append(*e, ']')
}

// end ends the object and its line.
func (e *encoder) end() { *e = append(*e, '}', '\n') }

// plain are the bytes that stand for themselves in a string.
var plain = func() (set [256]bool) {
	for c := ' '; c <= '~'; c++ {
		set[c] = c != '"' && c != '\\'
	}
	return set
}()

// quote appends a string. What is no UTF-8 is replaced, and everything but
// printable ASCII escaped.
func (e *encoder) quote(s string) {
	*e = append(*e, '"')
	i := 0
	for i < len(s) && plain[s[i]] {
		i++
	}
	*e = append(*e, s[:i]...)
	for i < len(s) {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c == '"', c == '\\':
				*e = append(*e, '\\', c)
			case ' ' <= c && c <= '~':
				*e = append(*e, c)
			default:
				e.escape(rune(c))
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
			e.escape(high)
			r = low
		}
		e.escape(r)
	}
	*e = append(*e, '"')
}

func (e *encoder) escape(r rune) {
	const digits = "0123456789abcdef"
	*e = append(*e, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
}
