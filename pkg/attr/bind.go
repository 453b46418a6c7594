package attr

import (
	"reflect"
	"strconv"
)

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

// Name returns the attribute's name in the request.
func (b Binding) Name() string {
	if b.Field.Group == "" {
		return b.Field.Name
	}
	return b.Field.Numbered(strconv.Itoa(b.Elem))
}

// Bind lists what params, a pointer to a params struct or the struct, says: the
// attributes that are there and, with a nil value, the pinned ones that are not,
// in declaration order.
func Bind(fields []*Field, params any) []Binding {
	const usual = 16 // most requests have fewer
	return AppendBindings(make([]Binding, 0, min(len(fields), usual)), fields, params)
}

// AppendBindings appends what [Bind] lists.
func AppendBindings(bindings []Binding, fields []*Field, params any) []Binding {
	v := reflect.Indirect(reflect.ValueOf(params))
	for i := 0; i < len(fields); {
		f := fields[i]
		if f.Group == "" {
			var whole bool
			bindings, whole = f.bind(bindings, v, f.path, 0)
			for i++; !whole && i < len(fields) && fields[i].parent == f.parent; {
				i++ // the group is not there
			}
			continue
		}
		end := i
		for end < len(fields) && fields[end].Group == f.Group {
			end++
		}
		list, at := f.list(v)
		for n := range list.Len() {
			for _, g := range fields[i:end] {
				bindings, _ = g.bind(bindings, list.Index(n), g.path[at:], n+1)
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

// bind appends the attribute. Whole says that the group that it is in, if any, is
// there.
func (f *Field) bind(bindings []Binding, v reflect.Value, path []int, elem int) (_ []Binding, whole bool) {
	for n, i := range path {
		v = v.Field(i)
		if v.Kind() != reflect.Pointer {
			continue
		}
		if v.IsNil() {
			whole = n == len(path)-1
			if f.Pinned && whole {
				bindings = append(bindings, Binding{Field: f, Elem: elem})
			}
			return bindings, whole
		}
		v = v.Elem()
	}
	return append(bindings, Binding{Field: f, Elem: elem, Value: v.Interface().(Value)}), true
}

// Check says which attribute of params has a value that its type does not admit,
// or which group has no attribute.
func Check(fields []*Field, params any) error { return CheckBound(Bind(fields, params), params) }

// CheckBound is [Check] for params that have been bound.
func CheckBound(bindings []Binding, params any) error {
	for _, b := range bindings {
		if b.Value == nil {
			continue
		}
		if err := b.Value.Check(); err != nil {
			return &Error{Attr: b.Name(), Err: err}
		}
	}
	return checkGroups(reflect.Indirect(reflect.ValueOf(params)), "")
}
