package attr

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// elemMax bounds the elements of a repeated group.
const elemMax = 256

// Set reads NAME=TEXT into params, a pointer to a params struct. The elements of
// repeated groups come in order.
func Set(fields []*Field, params any, name, text string) error {
	f, elem := find(fields, name)
	if f == nil {
		return &Error{Attr: name, Err: errors.New("no such attribute")}
	}
	value, err := f.Type.Parse(text)
	if err != nil {
		return &Error{Attr: name, Err: err}
	}
	v, ok := f.reach(reflect.ValueOf(params).Elem(), elem)
	if !ok {
		return &Error{Attr: name, Err: fmt.Errorf("elements are numbered from 1 to %d, without a gap", elemMax)}
	}
	if !v.IsZero() {
		return &Error{Attr: name, Err: errors.New("given twice")}
	}
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	v.Set(reflect.ValueOf(value))
	return nil
}

// reach finds the field in a params struct, and makes the groups on the way to it:
// of a repeated group, the element with the number, if it is there or the next.
func (f *Field) reach(v reflect.Value, elem int) (field reflect.Value, ok bool) {
	for _, i := range f.path {
		switch v.Kind() {
		case reflect.Pointer:
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		case reflect.Slice:
			if elem > v.Len()+1 || elem > elemMax {
				return reflect.Value{}, false
			}
			if elem == v.Len()+1 {
				v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
			}
			v = v.Index(elem - 1)
		}
		v = v.Field(i)
	}
	return v, true
}

// find returns the field that a request's name means, and the element's number.
func find(fields []*Field, name string) (*Field, int) {
	for _, f := range fields {
		if f.Group == "" {
			if f.Name == name {
				return f, 0
			}
			continue
		}
		rest, ok := strings.CutPrefix(name, f.Group+".")
		if !ok {
			continue
		}
		number, rest, _ := strings.Cut(rest, ".")
		elem, err := parseUint(number, false)
		if err == nil && 1 <= elem && elem <= elemMax && f.Group+"."+rest == f.Name {
			return f, int(elem)
		}
	}
	return nil, 0
}
