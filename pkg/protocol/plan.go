package protocol

import (
	"encoding"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// A plan says how the values of a type travel: what the library finds out from the
// tags of a struct, found out once. There are plans for what messages are made
// of; other types are left to the library, and so is what a plan refuses, so that a
// plan can say no without saying why.
type plan struct {
	kind   kind
	fields []field // of a struct, in the order in which they travel
	elem   *plan   // of a pointer or a list
}

type kind uint8

const (
	kindBool kind = iota
	kindUint
	kindInt
	kindText
	kindBytes
	kindBinary // a type with a binary form of its own, in a byte string
	kindRaw
	kindList
	kindPointer
	kindStruct
)

// A field is one of a struct.
type field struct {
	key      []byte // its name, encoded
	index    []int
	optional bool // left out where it is empty
	plan     *plan
}

var plans sync.Map // of reflect.Type to *plan, nil where there is none

// planOf returns the plan for structs of type t, or nil.
func planOf(t reflect.Type) *plan {
	if known, ok := plans.Load(t); ok {
		return known.(*plan)
	}
	p := newPlan(t, 0)
	if p != nil && p.kind != kindStruct {
		p = nil
	}
	plans.Store(t, p)
	return p
}

var (
	rawType         = reflect.TypeFor[Raw]()
	timeType        = reflect.TypeFor[time.Time]()
	marshaler       = reflect.TypeFor[cbor.Marshaler]()
	unmarshaler     = reflect.TypeFor[cbor.Unmarshaler]()
	binaryMarshaler = reflect.TypeFor[encoding.BinaryMarshaler]()
	binaryReader    = reflect.TypeFor[encoding.BinaryUnmarshaler]()
	binaryAppender  = reflect.TypeFor[encoding.BinaryAppender]()
)

// newPlan makes the plan for values of type t that are nested in depth maps and
// arrays, or returns nil.
func newPlan(t reflect.Type, depth int) *plan {
	pointer := reflect.PointerTo(t)
	switch {
	case t == rawType:
		return &plan{kind: kindRaw}
	case t == timeType, t.Kind() != reflect.Pointer && (pointer.Implements(marshaler) || pointer.Implements(unmarshaler)):
		return nil
	case t.Kind() != reflect.Pointer && (pointer.Implements(binaryMarshaler) || pointer.Implements(binaryReader)):
		if t.Implements(binaryMarshaler) && t.Implements(binaryAppender) && pointer.Implements(binaryReader) {
			return &plan{kind: kindBinary}
		}
		return nil
	}
	switch t.Kind() {
	case reflect.Bool:
		return &plan{kind: kindBool}
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uint:
		return &plan{kind: kindUint}
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Int:
		return &plan{kind: kindInt}
	case reflect.String:
		return &plan{kind: kindText}
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return &plan{kind: kindBytes}
		}
		return holding(kindList, newPlan(t.Elem(), depth+1))
	case reflect.Pointer:
		return holding(kindPointer, newPlan(t.Elem(), depth))
	case reflect.Struct:
		if depth == maxNested {
			return nil
		}
		return structPlan(t, depth+1)
	}
	return nil
}

// holding is the plan for pointers to, or lists of, what elem is the plan for. An
// element that can be nil has two forms, one of them null.
func holding(k kind, elem *plan) *plan {
	if elem == nil || elem.canBeNil() && elem.kind != kindRaw {
		return nil
	}
	return &plan{kind: k, elem: elem}
}

func (p *plan) canBeNil() bool {
	return p.kind == kindBytes || p.kind == kindRaw || p.kind == kindList || p.kind == kindPointer
}

// canBeEmpty reports whether what has the plan can be left out for being empty.
func (p *plan) canBeEmpty() bool { return p.kind != kindBinary && p.kind != kindStruct }

// of returns the field of a struct.
func (f *field) of(v reflect.Value) reflect.Value {
	if len(f.index) == 1 {
		return v.Field(f.index[0])
	}
	return v.FieldByIndex(f.index)
}

// structPlan makes the plan for structs whose fields are nested in depth maps.
func structPlan(t reflect.Type, depth int) *plan {
	p := &plan{kind: kindStruct}
	for _, f := range reflect.VisibleFields(t) {
		if f.Anonymous && f.Type.Kind() == reflect.Struct && f.Tag == "" {
			continue // its fields are visible
		}
		name, options, _ := strings.Cut(f.Tag.Get("cbor"), ",")
		optional := options == "omitempty"
		if !f.IsExported() || f.Anonymous || name == "" || name == "-" || !optional && options != "" {
			return nil
		}
		// Nil has a form of its own, null, where it is not left out.
		elem := newPlan(f.Type, depth)
		if elem == nil || optional && !elem.canBeEmpty() || !optional && elem.canBeNil() && elem.kind != kindRaw {
			return nil
		}
		p.fields = append(p.fields, field{appendText(nil, name), f.Index, optional, elem})
	}
	// RFC 8949, section 4.2.1: bytewise lexicographic order of the encoded keys.
	slices.SortFunc(p.fields, func(a, b field) int { return slices.Compare(a.key, b.key) })
	for i := range p.fields {
		if i > 0 && slices.Equal(p.fields[i].key, p.fields[i-1].key) {
			return nil
		}
	}
	return p
}
