package attr

import (
	"errors"
	"fmt"
	"strings"
)

// BindText lists what the words, NAME=VALUE each, say, as [Bind] lists what the
// params say that [Set] makes of them. A required attribute that is not there is
// an error.
func BindText(fields []*Field, words []string) ([]Binding, error) {
	r := textRequest{values: make(map[place]Value), groups: make(map[place]bool), elems: make(map[string]int)}
	for _, w := range words {
		if err := r.set(fields, w); err != nil {
			return nil, err
		}
	}
	return r.bind(fields)
}

// A textRequest is a request that is known by its words only.
type textRequest struct {
	values map[place]Value
	groups map[place]bool // that have an attribute
	elems  map[string]int // of the repeated groups
}

// A place is that of an attribute or a group, in one element or in none.
type place struct {
	name string
	elem int
}

func (r *textRequest) set(fields []*Field, w string) error {
	name, text, ok := strings.Cut(w, "=")
	if !ok {
		return &Error{Attr: w, Err: errors.New("want NAME=VALUE")}
	}
	f, elem := find(fields, name)
	if f == nil {
		return &Error{Attr: name, Err: errors.New("no such attribute")}
	}
	if elem > r.elems[f.Group]+1 {
		return &Error{Attr: name, Err: fmt.Errorf("elements are numbered from 1 to %d, without a gap", elemMax)}
	}
	value, err := f.Type.Parse(text)
	if err != nil {
		return &Error{Attr: name, Err: err}
	}
	at := place{f.Name, elem}
	if r.values[at] != nil {
		return &Error{Attr: name, Err: errors.New("given twice")}
	}
	r.values[at] = value
	r.elems[f.Group] = max(r.elems[f.Group], elem)
	for group := parent(f.Name); group != ""; group = parent(group) {
		r.groups[place{group, elem}] = true
	}
	return nil
}

// bind lists the attributes in the order of Bind.
func (r *textRequest) bind(fields []*Field) ([]Binding, error) {
	var bindings []Binding
	for i := 0; i < len(fields); {
		end, first, last := i+1, 0, 0
		if group := fields[i].Group; group != "" {
			for end < len(fields) && fields[end].Group == group {
				end++
			}
			first, last = 1, r.elems[group]
		}
		for elem := first; elem <= last; elem++ {
			for _, f := range fields[i:end] {
				b := Binding{Field: f, Elem: elem, Value: r.values[place{f.Name, elem}]}
				group := f.Parent()
				due := group == "" || r.groups[place{group, elem}]
				switch {
				case b.Value != nil || due && f.Pinned:
					bindings = append(bindings, b)
				case due && f.Required:
					return nil, &Error{Attr: b.Name(), Err: errors.New("missing")}
				}
			}
		}
		i = end
	}
	return bindings, nil
}
