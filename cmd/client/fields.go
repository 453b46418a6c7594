package main

import (
	"iter"
	"reflect"
	"strings"
	"sync"

	"nethelper/pkg/ops"
)

// A field is one of a struct that travels.
type field struct {
	name  string // on the wire
	index []int
	omit  bool // where it is empty
}

var layouts sync.Map // of structs, by reflect.Type

// layoutOf returns the fields of structs of type t, those of embedded ones
// included, in declaration order.
func layoutOf(t reflect.Type) []field {
	if known, ok := layouts.Load(t); ok {
		return known.([]field)
	}
	var fields []field
	for _, f := range reflect.VisibleFields(t) {
		if !f.Anonymous {
			name, options, _ := strings.Cut(f.Tag.Get("cbor"), ",")
			fields = append(fields, field{name, f.Index, options == "omitempty"})
		}
	}
	layouts.Store(t, fields)
	return fields
}

// fieldsOf yields the names and values of the fields of a struct that have
// something to say.
func fieldsOf(v reflect.Value) iter.Seq2[string, reflect.Value] {
	return func(yield func(string, reflect.Value) bool) {
		for _, f := range layoutOf(v.Type()) {
			value := v.FieldByIndex(f.index)
			if f.omit && isEmpty(value) {
				continue
			}
			if !yield(f.name, value) {
				return
			}
		}
	}
}

func isEmpty(v reflect.Value) bool {
	return v.IsZero() || v.Kind() == reflect.Slice && v.Len() == 0
}

// fieldNamed returns the field of a result that is called name, and false if it
// has nothing to say.
func fieldNamed(v reflect.Value, name string) (reflect.Value, bool) {
	for n, field := range fieldsOf(reflect.Indirect(v)) {
		if n == name {
			return field, true
		}
	}
	return reflect.Value{}, false
}

// columnsOf returns the fields of a message as columns.
func columnsOf(message any) []ops.Column {
	var columns []ops.Column
	for name := range fieldsOf(reflect.ValueOf(message)) {
		columns = append(columns, ops.Column{Name: name})
	}
	return columns
}
