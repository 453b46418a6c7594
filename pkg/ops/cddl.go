package ops

import (
	"fmt"
	"reflect"
	"strings"

	"nethelper/pkg/attr"
	"nethelper/pkg/protocol"
)

// CDDL describes every message, attribute type and operation (RFC 8610).
func CDDL() string {
	var b strings.Builder
	b.WriteString(protocol.CDDL)
	b.WriteString("\n; The set of codes is closed.\ncode = ")
	for i, code := range protocol.Codes {
		if i > 0 {
			b.WriteString(" / ")
		}
		fmt.Fprintf(&b, "%q", code)
	}
	b.WriteString("\n\n; Types of attributes.\n\n")
	for _, typ := range attr.Types {
		fmt.Fprintf(&b, "%s = %s\n", typ.Name, typ.CDDL)
	}
	b.WriteString("\n; Operations: the params, and the result or, of a list, one of its items.\n")
	for _, op := range All {
		rule := strings.ReplaceAll(op.Name, ".", "-")
		fmt.Fprintf(&b, "\n$request /= request<%q, %s>\n", op.Name, rule)
		fmt.Fprintf(&b, "%s = %s\n", rule, cddlOf(reflect.TypeOf(op.NewParams()).Elem(), ""))
		kind := "result"
		if op.List {
			kind = "item"
		}
		fmt.Fprintf(&b, "%s-%s = %s\n", rule, kind, cddlOf(reflect.TypeOf(op.NewResult()).Elem(), ""))
	}
	return b.String()
}

// cddlOf returns the right-hand side of a rule for values of type t.
func cddlOf(t reflect.Type, indent string) string {
	if t.Kind() == reflect.Pointer {
		return cddlOf(t.Elem(), indent)
	}
	if v, ok := reflect.Zero(t).Interface().(attr.Value); ok {
		return v.Type().Name
	}
	switch t.Kind() {
	case reflect.Bool:
		return "bool"
	case reflect.String:
		return "tstr"
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return fmt.Sprintf("uint .size %d", t.Size())
	case reflect.Int32, reflect.Int64:
		return "int"
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bstr"
		}
		return "[+ " + cddlOf(t.Elem(), indent) + "]"
	case reflect.Struct:
		var b strings.Builder
		b.WriteString("{\n")
		for _, f := range reflect.VisibleFields(t) {
			name, options, _ := strings.Cut(f.Tag.Get("cbor"), ",")
			if f.Anonymous {
				continue
			}
			optional := ""
			if options == "omitempty" {
				optional = "? "
			}
			fmt.Fprintf(&b, "%s  %s%s: %s,", indent, optional, name, cddlOf(f.Type, indent+"  "))
			if help := f.Tag.Get("help"); help != "" {
				b.WriteString(" ; " + help)
			}
			b.WriteString("\n")
		}
		b.WriteString(indent + "}")
		return b.String()
	}
	panic("ops: no CDDL for " + t.String())
}
