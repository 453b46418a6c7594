package protocol

import (
	"encoding"
	"reflect"
	"slices"
)

// append appends the encoding of v, which is addressable. It returns false for
// what it leaves to the library.
func (p *plan) append(b []byte, v reflect.Value) (_ []byte, ok bool) {
	switch p.kind {
	case kindBool:
		if v.Bool() {
			return append(b, simpleTrue), true
		}
		return append(b, simpleFalse), true
	case kindUint:
		return appendHead(b, majorUint, v.Uint()), true
	case kindInt:
		if n := v.Int(); n < 0 {
			return appendHead(b, majorNegative, uint64(-1-n)), true
		}
		return appendHead(b, majorUint, uint64(v.Int())), true
	case kindText:
		return appendText(b, v.String()), true
	case kindBytes:
		return append(appendHead(b, majorBytes, uint64(v.Len())), v.Bytes()...), true
	case kindBinary:
		return appendBinary(b, v)
	case kindRaw:
		if v.Len() == 0 {
			return append(b, simpleNull), true
		}
		return append(b, v.Bytes()...), true
	case kindList:
		b, ok = appendHead(b, majorArray, uint64(v.Len())), true
		for i := 0; ok && i < v.Len(); i++ {
			b, ok = p.elem.append(b, v.Index(i))
		}
		return b, ok
	case kindPointer:
		return p.elem.append(b, v.Elem())
	}
	return p.appendFields(b, v)
}

// appendBinary appends a binary form, which is mostly short: room is left for the
// head of a short one.
func appendBinary(b []byte, v reflect.Value) (_ []byte, ok bool) {
	start := len(b)
	b, err := v.Addr().Interface().(encoding.BinaryAppender).AppendBinary(append(b, 0))
	n := len(b) - start - 1
	if err != nil || n >= 24 {
		return nil, false
	}
	b[start] = majorBytes<<5 | byte(n)
	return b, true
}

// appendFields appends a map. How many fields it has is known behind them: room is
// left for the head of a short one.
func (p *plan) appendFields(b []byte, v reflect.Value) (_ []byte, ok bool) {
	start, n := len(b), 0
	b = append(b, 0)
	for i := range p.fields {
		f := &p.fields[i]
		at := f.of(v)
		if f.optional && isEmpty(f.plan, at) {
			continue
		}
		n++
		if b, ok = f.plan.append(append(b, f.key...), at); !ok {
			return nil, false
		}
	}
	if n < 24 {
		b[start] = majorMap<<5 | byte(n)
		return b, true
	}
	var head [9]byte
	return slices.Replace(b, start, start+1, appendHead(head[:0], majorMap, uint64(n))...), true
}

// isEmpty reports whether an optional field with the plan is left out.
func isEmpty(p *plan, v reflect.Value) bool {
	switch p.kind {
	case kindBool:
		return !v.Bool()
	case kindUint:
		return v.Uint() == 0
	case kindInt:
		return v.Int() == 0
	case kindPointer:
		return v.IsNil()
	}
	return v.Len() == 0
}
