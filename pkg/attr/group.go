package attr

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
)

// A groupField is a field of a params struct, or of a group, that holds groups of
// attributes.
type groupField struct {
	index int
	name  string
	kind  groupKind
}

type groupKind int

const (
	embedded groupKind = iota // a struct whose fields count as those of the one around it
	optional                  // a pointer to a struct
	repeated                  // a slice of structs
)

var groupFields sync.Map // of reflect.Type to []groupField

// groupFieldsOf finds the fields of the struct type t that hold groups.
func groupFieldsOf(t reflect.Type) (found []groupField) {
	if known, ok := groupFields.Load(t); ok {
		return known.([]groupField)
	}
	for i := range t.NumField() {
		sf := t.Field(i)
		switch of := sf.Type; {
		case sf.Anonymous:
			if len(groupFieldsOf(of)) > 0 {
				found = append(found, groupField{i, "", embedded})
			}
		case of.Implements(valueInterface):
		case of.Kind() == reflect.Pointer && of.Elem().Kind() == reflect.Struct:
			found = append(found, groupField{i, tagName(sf), optional})
		case of.Kind() == reflect.Slice && of.Elem().Kind() == reflect.Struct:
			found = append(found, groupField{i, tagName(sf), repeated})
		}
	}
	groupFields.Store(t, found)
	return found
}

// checkGroups says which optional group, or element of a repeated one, is there
// without an attribute. Nothing could judge or record that it is there.
func checkGroups(v reflect.Value, prefix string) error {
	for _, g := range groupFieldsOf(v.Type()) {
		f := v.Field(g.index)
		switch g.kind {
		case embedded:
			if err := checkGroups(f, prefix); err != nil {
				return err
			}
		case optional:
			if f.IsNil() {
				continue
			}
			if err := checkGroup(f.Elem(), prefix+g.name); err != nil {
				return err
			}
		case repeated:
			for n := range f.Len() {
				if err := checkGroup(f.Index(n), fmt.Sprintf("%s%s.%d", prefix, g.name, n+1)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func checkGroup(v reflect.Value, name string) error {
	for i := range v.NumField() {
		if f := v.Field(i); f.Kind() != reflect.Pointer || !f.IsNil() {
			return checkGroups(v, name+".")
		}
	}
	return &Error{Attr: name, Err: errors.New("a group without an attribute")}
}

func tagName(sf reflect.StructField) string {
	name, _, _ := strings.Cut(sf.Tag.Get("cbor"), ",")
	return name
}
