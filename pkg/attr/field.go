package attr

import (
	"fmt"
	"reflect"
	"strings"
)

// A Field is one attribute of an operation, derived from a field of its params
// struct by [FieldsOf].
type Field struct {
	// Name is the attribute's name everywhere: the cbor tag, behind those of the
	// groups that it stands in, with dots between.
	Name string
	// Help says in a phrase what the attribute is.
	Help string
	// Type is that of its values.
	Type *Type
	// Required attributes are in every request, or in every request that has
	// the group they belong to.
	Required bool
	// Pinned says that leaving the attribute out has authority of its own: it
	// selects something (the helper's own namespace, the main table, every
	// link). A grant that constrains it demands that it be there.
	Pinned bool
	// Group is the name of the repeated group that the attribute belongs to, if
	// any. A request has any number of its elements, numbered from 1.
	Group string
	// Since is the first release of Linux that surely knows the attribute. An older
	// one could pass over it and do more than was asked.
	Since Release

	path   []int
	parent string
}

// About returns the help, with the release of Linux that the attribute takes.
func (f *Field) About() string {
	if f.Since == (Release{}) {
		return f.Help
	}
	return fmt.Sprintf("%s (Linux %s)", f.Help, f.Since)
}

// Numbered returns the attribute's name in a request, where the elements of a
// repeated group have numbers: hop.2.via for elem 2.
func (f *Field) Numbered(elem string) string {
	if f.Group == "" {
		return f.Name
	}
	return f.Group + "." + elem + strings.TrimPrefix(f.Name, f.Group)
}

// Parent returns the name of the group, optional or repeated, that the attribute
// is in, or "".
func (f *Field) Parent() string { return f.parent }

// parent returns what stands before the last dot of a name.
func parent(name string) string { return name[:max(0, strings.LastIndexByte(name, '.'))] }

// Presence returns what manuals mark the attribute with: required, pinned or
// nothing.
func (f *Field) Presence() string {
	switch {
	case f.Required:
		return "required"
	case f.Pinned:
		return "pinned"
	}
	return ""
}

var valueInterface = reflect.TypeFor[Value]()

// FieldsOf returns the attributes of params type P in declaration order.
//
// A field of P is an attribute; its Go type is its attribute type; its cbor tag
// is its name; its help tag describes it; a pointer is optional; the tag
// pinned:"true" sets [Field.Pinned], since:"6.13" sets [Field.Since]. An embedded
// struct contributes its fields, a pointer to a struct is an optional group of
// attributes, a slice of structs a repeated one. FieldsOf panics when P is
// anything else, so that any test finds it.
func FieldsOf[P any]() []*Field {
	return fieldsOf(reflect.TypeFor[P](), "", "", nil)
}

// fieldsOf returns the attributes of the struct type t. Their names start with the
// prefix; group is the repeated group that t is an element of, path leads to t.
func fieldsOf(t reflect.Type, prefix, group string, path []int) []*Field {
	var fields []*Field
	for i := range t.NumField() {
		sf := t.Field(i)
		at := append(path[:len(path):len(path)], i)
		if sf.Anonymous {
			fields = append(fields, fieldsOf(sf.Type, prefix, group, at)...)
			continue
		}
		tag, options, _ := strings.Cut(sf.Tag.Get("cbor"), ",")
		if tag == "" || !sf.IsExported() {
			panic(fmt.Sprintf("attr: %s.%s: no cbor tag", t, sf.Name))
		}
		name, elem := prefix+tag, sf.Type
		required := elem.Kind() != reflect.Pointer
		if required == (options == "omitempty") && elem.Kind() != reflect.Slice {
			panic(fmt.Sprintf("attr: %s.%s: a pointer and omitempty go together", t, sf.Name))
		}
		if !required {
			elem = elem.Elem()
		}
		switch {
		case elem.Implements(valueInterface):
			f := newField(t, sf, name, reflect.Zero(elem).Interface().(Value).Type(), required)
			f.Group, f.path = group, at
			fields = append(fields, f)
		case elem.Kind() == reflect.Struct && !required:
			fields = append(fields, fieldsOf(elem, name+".", group, at)...)
		case elem.Kind() == reflect.Slice && elem.Elem().Kind() == reflect.Struct && prefix == "" && options == "omitempty":
			fields = append(fields, fieldsOf(elem.Elem(), name+".", name, at)...)
		default:
			panic(fmt.Sprintf("attr: %s.%s: %s is no attribute type", t, sf.Name, sf.Type))
		}
	}
	return fields
}

// newField reads the tags of the field sf of t, which is an attribute.
func newField(t reflect.Type, sf reflect.StructField, name string, typ *Type, required bool) *Field {
	f := &Field{
		Name: name, Help: sf.Tag.Get("help"), Type: typ, Since: since(sf.Tag),
		Required: required, Pinned: sf.Tag.Get("pinned") == "true", parent: parent(name),
	}
	if f.Help == "" {
		panic(fmt.Sprintf("attr: %s.%s: no help tag", t, sf.Name))
	}
	if f.Pinned && f.Required {
		panic(fmt.Sprintf("attr: %s.%s: required attributes need no pin", t, sf.Name))
	}
	return f
}

// since returns the release in a field's tag.
func since(tag reflect.StructTag) Release {
	text, ok := tag.Lookup("since")
	if !ok {
		return Release{}
	}
	r, err := ParseRelease(text)
	if err != nil {
		panic("attr: " + err.Error())
	}
	return r
}
