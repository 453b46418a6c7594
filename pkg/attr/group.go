package attr

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// checkGroups says which optional group, or element of a repeated one, is there
// without an attribute. Nothing could judge or record that it is there.
func checkGroups(v reflect.Value, prefix string) error {
	for i := range v.NumField() {
		f := v.Field(i)
		switch f.Kind() { // of all others the type says nothing of interest, and costs memory
		case reflect.Pointer, reflect.Slice, reflect.Struct:
			if f.Kind() != reflect.Struct && f.IsNil() {
				continue
			}
		default:
			continue
		}
		sf := v.Type().Field(i)
		switch {
		case sf.Anonymous:
			if err := checkGroups(f, prefix); err != nil {
				return err
			}
		case isGroup(f):
			if err := checkGroup(f.Elem(), prefix+tagName(sf)); err != nil {
				return err
			}
		case f.Kind() == reflect.Slice:
			for n := range f.Len() {
				if err := checkGroup(f.Index(n), fmt.Sprintf("%s%s.%d", prefix, tagName(sf), n+1)); err != nil {
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

// isGroup reports whether a field is an optional group that is there.
func isGroup(f reflect.Value) bool {
	return f.Kind() == reflect.Pointer && !f.IsNil() && f.Elem().Kind() == reflect.Struct && !f.Type().Implements(valueInterface)
}

func tagName(sf reflect.StructField) string {
	name, _, _ := strings.Cut(sf.Tag.Get("cbor"), ",")
	return name
}
