package protocol

import (
	"bytes"
	"encoding"
	"math"
	"reflect"
	"sync"
	"unicode/utf8"
)

// A decoder decodes by plan. It accepts the one encoding only, in one pass: heads
// in their shortest form, the keys in their order, none left out that is needed,
// none there that is not known or whose value says nothing.
type decoder struct {
	again []byte // what a binary form is encoded into again
	texts [16]string
}

// shortText bounds the texts that are kept.
const shortText = 32

// text returns s as a string. A short one that is there again and again, such as the
// name of a link or of an operation, is one string.
func (d *decoder) text(s []byte) string {
	if len(s) == 0 || len(s) > shortText {
		return string(s)
	}
	known := &d.texts[(len(s)+int(s[0])+int(s[len(s)-1]))%len(d.texts)]
	if *known != string(s) {
		*known = string(s)
	}
	return *known
}

var decoders = sync.Pool{New: func() any { return new(decoder) }}

// decode decodes the whole of data into v, a struct. Raw items in v are parts of
// data.
func (p *plan) decode(data []byte, v reflect.Value) bool {
	d := decoders.Get().(*decoder)
	v.SetZero()
	rest, ok := d.value(p, data, v, 0)
	decoders.Put(d)
	return ok && len(rest) == 0
}

// value cuts a value off b, which is nested in depth maps and arrays, and stores it
// in v, which is zero.
func (d *decoder) value(p *plan, b []byte, v reflect.Value, depth int) (rest []byte, ok bool) {
	switch p.kind {
	case kindBool:
		if len(b) == 0 || b[0] != simpleFalse && b[0] != simpleTrue {
			return nil, false
		}
		v.SetBool(b[0] == simpleTrue)
		return b[1:], true
	case kindUint:
		n, rest, ok := cutShortest(b, majorUint)
		if !ok || v.OverflowUint(n) {
			return nil, false
		}
		v.SetUint(n)
		return rest, true
	case kindInt:
		return d.int(b, v)
	case kindText:
		s, rest, ok := cutString(b, majorText)
		if !ok || !utf8.Valid(s) {
			return nil, false
		}
		v.SetString(d.text(s))
		return rest, true
	case kindBytes:
		s, rest, ok := cutString(b, majorBytes)
		if ok {
			v.SetBytes(bytes.Clone(s))
		}
		return rest, ok
	case kindBinary:
		return d.binary(b, v)
	case kindRaw:
		if rest, ok = skip(b, depth); ok {
			n := len(b) - len(rest)
			v.SetBytes(b[:n:n])
		}
		return rest, ok
	case kindList:
		return d.list(p.elem, b, v, depth)
	case kindPointer:
		v.Set(reflect.New(v.Type().Elem()))
		return d.value(p.elem, b, v.Elem(), depth)
	}
	return d.fields(p.fields, b, v, depth)
}

func (d *decoder) int(b []byte, v reflect.Value) (rest []byte, ok bool) {
	n, rest, ok := cutShortest(b, majorUint)
	negative := !ok
	if negative {
		n, rest, ok = cutShortest(b, majorNegative)
	}
	if !ok || n > math.MaxInt64 {
		return nil, false
	}
	i := int64(n)
	if negative {
		i = -1 - i
	}
	if v.OverflowInt(i) {
		return nil, false
	}
	v.SetInt(i)
	return rest, true
}

// binary reads a binary form, which has to be the one that its type writes.
func (d *decoder) binary(b []byte, v reflect.Value) (rest []byte, ok bool) {
	s, rest, ok := cutString(b, majorBytes)
	if !ok {
		return nil, false
	}
	value := v.Addr().Interface()
	if err := value.(encoding.BinaryUnmarshaler).UnmarshalBinary(s); err != nil {
		return nil, false
	}
	again, err := value.(encoding.BinaryAppender).AppendBinary(d.again[:0])
	d.again = again
	return rest, err == nil && bytes.Equal(again, s)
}

// list reads an array. An element takes a byte at least, so that no more room is
// made than there are bytes.
func (d *decoder) list(elem *plan, b []byte, v reflect.Value, depth int) (rest []byte, ok bool) {
	n, b, ok := cutShortest(b, majorArray)
	if !ok || depth == maxNested || n > maxElements || n > uint64(len(b)) {
		return nil, false
	}
	v.Set(reflect.MakeSlice(v.Type(), int(n), int(n)))
	for i := range int(n) {
		if b, ok = d.value(elem, b, v.Index(i), depth+1); !ok {
			return nil, false
		}
	}
	return b, true
}

// fields reads a map. The keys that are there are a part of those that can be, in
// the same order.
func (d *decoder) fields(fields []field, b []byte, v reflect.Value, depth int) (rest []byte, ok bool) {
	n, b, ok := cutShortest(b, majorMap)
	if !ok || depth == maxNested {
		return nil, false
	}
	for i := range fields {
		f := &fields[i]
		if n == 0 || !bytes.HasPrefix(b, f.key) {
			if !f.optional {
				return nil, false
			}
			continue
		}
		n--
		at := f.of(v)
		if b, ok = d.value(f.plan, b[len(f.key):], at, depth+1); !ok || f.optional && isEmpty(f.plan, at) {
			return nil, false
		}
	}
	return b, n == 0
}
