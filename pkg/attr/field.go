package attr

import (
	"fmt"
	"reflect"
	"strconv"
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

	path []int
}

// About returns the help, with the release of Linux that the attribute takes.
func (f *Field) About() string {
	if f.Since == (Release{}) {
		return f.Help
	}
	return fmt.Sprintf("%s (Linux %s)", f.Help, f.Since)
}

// A Binding is an attribute as one request has it.
type Binding struct {
	Field *Field
	// Elem is the number of the repeated group's element, or 0.
	Elem int
	// Value is nil where a pinned attribute was left out.
	Value Value
}

// String returns NAME=VALUE, the one spelling.
func (b Binding) String() string { return b.Name() + "=" + b.Value.String() }

// Name returns the attribute's name in a request, which numbers the elements of
// repeated groups: hop.2.via.
func (b Binding) Name() string {
	if b.Elem == 0 {
		return b.Field.Name
	}
	return b.Field.Group + "." + strconv.Itoa(b.Elem) + strings.TrimPrefix(b.Field.Name, b.Field.Group)
}

var valueInterface = reflect.TypeFor[Value]()

// FieldsOf returns the attributes of params type P in declaration order.
//
// A field of P is an attribute; its Go type is its attribute type; its cbor tag
// is its name; its help tag describes it; a pointer is optional; the tag
// pinned:"true" sets [Field.Pinned], since:"6.13" sets [Field.Since]. An embedded struct contributes its fields,
// a pointer to a struct is an optional group of attributes, a slice of structs
// a repeated one. FieldsOf panics when P is anything else, so that any test
// finds it.
func FieldsOf[P any]() []*Field {
	return fieldsOf(reflect.TypeFor[P](), "", "", nil)
}

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
			help := sf.Tag.Get("help")
			if help == "" {
				panic(fmt.Sprintf("attr: %s.%s: no help tag", t, sf.Name))
			}
			pinned := sf.Tag.Get("pinned") == "true"
			if pinned && required {
				panic(fmt.Sprintf("attr: %s.%s: required attributes need no pin", t, sf.Name))
			}
			fields = append(fields, &Field{
				Name: name, Help: help, Type: reflect.Zero(elem).Interface().(Value).Type(),
				Required: required, Pinned: pinned, Group: group, Since: since(sf.Tag), path: at,
			})
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

// Bind lists what params, a pointer to a params struct or the struct, says: the
// attributes that are there and, with a nil value, the pinned ones that are not,
// in declaration order.
func Bind(fields []*Field, params any) []Binding {
	v := reflect.Indirect(reflect.ValueOf(params))
	var bindings []Binding
	for i := 0; i < len(fields); {
		f := fields[i]
		if f.Group == "" {
			bindings = f.bind(bindings, v, f.path, 0)
			i++
			continue
		}
		end := i
		for end < len(fields) && fields[end].Group == f.Group {
			end++
		}
		list, at := f.list(v)
		for n := range list.Len() {
			for _, g := range fields[i:end] {
				bindings = g.bind(bindings, list.Index(n), g.path[at:], n+1)
			}
		}
		i = end
	}
	return bindings
}

// list finds the slice of the field's repeated group, and how much of the
// field's path leads to it.
func (f *Field) list(v reflect.Value) (list reflect.Value, at int) {
	for at, i := range f.path {
		if v = reflect.Indirect(v).Field(i); v.Kind() == reflect.Slice {
			return v, at + 1
		}
	}
	panic("attr: " + f.Name + " is in no repeated group")
}

func (f *Field) bind(bindings []Binding, v reflect.Value, path []int, elem int) []Binding {
	for n, i := range path {
		v = v.Field(i)
		if v.Kind() != reflect.Pointer {
			continue
		}
		if v.IsNil() {
			if f.Pinned && n == len(path)-1 {
				bindings = append(bindings, Binding{Field: f, Elem: elem})
			}
			return bindings
		}
		v = v.Elem()
	}
	return append(bindings, Binding{Field: f, Elem: elem, Value: v.Interface().(Value)})
}

// Check says which attribute of params has a value that its type does not admit,
// or which group has no attribute.
func Check(fields []*Field, params any) error {
	for _, b := range Bind(fields, params) {
		if b.Value == nil {
			continue
		}
		if err := b.Value.Check(); err != nil {
			return &Error{Attr: b.Name(), Err: err}
		}
	}
	return checkGroups(reflect.Indirect(reflect.ValueOf(params)), "")
}

// elemMax bounds the elements of a repeated group.
const elemMax = 256

// Set reads NAME=TEXT into params, a pointer to a params struct. The elements of
// repeated groups come in order.
func Set(fields []*Field, params any, name, text string) error {
	f, elem := find(fields, name)
	if f == nil {
		return &Error{Attr: name, Err: fmt.Errorf("no such attribute")}
	}
	value, err := f.Type.Parse(text)
	if err != nil {
		return &Error{Attr: name, Err: err}
	}
	v := reflect.ValueOf(params).Elem()
	for _, i := range f.path {
		if v.Kind() == reflect.Slice {
			if elem > v.Len()+1 || elem > elemMax {
				return &Error{Attr: name, Err: fmt.Errorf("elements are numbered from 1 to %d, without a gap", elemMax)}
			}
			if elem == v.Len()+1 {
				v.Set(reflect.Append(v, reflect.Zero(v.Type().Elem())))
			}
			v = v.Index(elem - 1)
		}
		v = v.Field(i)
		if v.Kind() == reflect.Pointer && v.Type().Elem().Kind() == reflect.Struct && !v.Type().Elem().Implements(valueInterface) {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
	}
	if v.Kind() == reflect.Pointer {
		if !v.IsNil() {
			return &Error{Attr: name, Err: fmt.Errorf("given twice")}
		}
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	} else if !v.IsZero() {
		return &Error{Attr: name, Err: fmt.Errorf("given twice")}
	}
	v.Set(reflect.ValueOf(value))
	return nil
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

// An Error says what is wrong with one attribute of a request.
type Error struct {
	Attr string
	Err  error
}

func (e *Error) Error() string { return e.Attr + ": " + e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }
