package ops

import (
	"reflect"
	"strings"
)

// A Column is one field of a result, for tables and manuals.
type Column struct {
	// Name is the cbor tag.
	Name string
	Help string
	// Wide fields are left out of tables for people, which would not fit a line.
	Wide bool
}

// columnsOf returns the columns of R in declaration order.
func columnsOf[R any]() []Column {
	var columns []Column
	for _, f := range reflect.VisibleFields(reflect.TypeFor[R]()) {
		if f.Anonymous {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("cbor"), ",")
		if name == "" {
			panic("ops: " + f.Name + ": no cbor tag")
		}
		columns = append(columns, Column{Name: name, Help: f.Tag.Get("help"), Wide: f.Tag.Get("wide") == "true"})
	}
	return columns
}
