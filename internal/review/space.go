package review

import (
	"slices"

	"nethelper/pkg/attr"
	"nethelper/policy"
)

// A space is all requests for one operation, as far as some grants tell them apart.
type space struct {
	fields []*attr.Field
	axes   []axis // of attributes that are not in a repeated group
	lists  []list
}

// newSpace makes the space of an operation with the attributes. It is false where
// the grants tell too much apart.
func newSpace(fields []*attr.Field, grants []*policy.Grant) (*space, bool) {
	s := &space{fields: fields}
	for _, f := range fields {
		a, ok := newAxis(f, grants)
		if !ok {
			return nil, false
		}
		if f.Group == "" {
			s.axes = append(s.axes, a)
			continue
		}
		if n := len(s.lists); n == 0 || s.lists[n-1].name != f.Group {
			s.lists = append(s.lists, list{name: f.Group, size: 1})
		}
		if !s.lists[len(s.lists)-1].add(a) {
			return nil, false
		}
	}
	return s, true
}

// A box is the requests that are in a part along each axis, lists behind the
// attributes.
type box []part

// of returns the requests that a grant admits.
func (s *space) of(g *policy.Grant) box {
	b := make(box, 0, len(s.axes)+len(s.lists))
	for i := range s.axes {
		b = append(b, s.axes[i].of(g).and(s.axes[i].all()))
	}
	for i := range s.lists {
		b = append(b, s.lists[i].of(g).and(s.lists[i].all()))
	}
	return b
}

func (b box) empty() bool { return slices.ContainsFunc(b, part.empty) }

func (b box) and(other box) box {
	c := make(box, len(b))
	for i := range b {
		c[i] = b[i].and(other[i])
	}
	return c
}

// minus returns what is in b and not in other, that of a grant, in pieces that do
// not meet.
func (b box) minus(other box) []box {
	if b.and(other).empty() {
		return []box{b}
	}
	var pieces []box
	rest := slices.Clone(b)
	for i := range rest {
		for _, p := range rest[i].minus(other[i]) {
			piece := slices.Clone(rest)
			piece[i] = p
			pieces = append(pieces, piece)
		}
		rest[i] = rest[i].and(other[i])
	}
	return pieces
}

// maxBoxes bounds the pieces that a box falls into.
const maxBoxes = 1 << 12

// minusAll is minus for several. It is false where there are too many pieces.
func (b box) minusAll(others []box) ([]box, bool) {
	rest := []box{b}
	for _, o := range others {
		var next []box
		for _, r := range rest {
			next = append(next, r.minus(o)...)
		}
		if rest = next; len(rest) > maxBoxes {
			return nil, false
		}
	}
	return rest, true
}

// request returns one that is in the box, if any can be made: an attribute of a
// group is there only with those that the group requires.
func (s *space) request(b box) ([]attr.Binding, bool) {
	places := make([]int, len(s.axes))
	for i := range s.axes {
		if a := &s.axes[i]; a.field.Parent() == "" {
			var ok bool
			if places[i], ok = a.choose(b[i].(bitset), a.missing()); !ok {
				return nil, false
			}
		}
	}
	for _, group := range s.groups() {
		if !s.chooseGroup(b, group, places) {
			return nil, false
		}
	}
	return s.bind(b, places), true
}

// choose returns a place in the part: that of one that is not there, if it may be
// so, or of a value.
func (a *axis) choose(b bitset, absent int) (int, bool) {
	if b.has(absent) {
		return absent, true
	}
	for i := range a.values {
		if b.has(i) {
			return i, true
		}
	}
	return 0, false
}

// groups returns the names of the groups that may be left out.
func (s *space) groups() (names []string) {
	for i := range s.axes {
		if name := s.axes[i].field.Parent(); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// chooseGroup chooses places for the attributes of a group: none of them is there,
// or those that it requires and at least one are.
func (s *space) chooseGroup(b box, group string, places []int) bool {
	return s.chooseWith(b, group, places, func(a *axis, p bitset) (int, bool) {
		absent := a.missing()
		if a.grouped {
			absent = a.ungrouped()
		}
		return absent, p.has(absent)
	}) || s.chooseWith(b, group, places, func(a *axis, p bitset) (int, bool) {
		if !a.field.Required {
			return a.choose(p, a.missing())
		}
		place, ok := a.choose(p, a.ungrouped())
		return place, ok && place < len(a.values)
	}) && s.present(b, group, places)
}

func (s *space) chooseWith(b box, group string, places []int, choose func(*axis, bitset) (int, bool)) bool {
	for i := range s.axes {
		if a := &s.axes[i]; a.field.Parent() == group {
			var ok bool
			if places[i], ok = choose(a, b[i].(bitset)); !ok {
				return false
			}
		}
	}
	return true
}

// present makes sure that one of the group's attributes is there.
func (s *space) present(b box, group string, places []int) bool {
	for i := range s.axes {
		if a := &s.axes[i]; a.field.Parent() == group && places[i] < len(a.values) {
			return true
		}
	}
	for i := range s.axes {
		if a := &s.axes[i]; a.field.Parent() == group {
			for v := range a.values {
				if b[i].(bitset).has(v) {
					places[i] = v
					return true
				}
			}
		}
	}
	return false
}

// bind lists the attributes that are at the places, as [attr.Bind] does.
func (s *space) bind(b box, places []int) []attr.Binding {
	var bindings []attr.Binding
	at := make(map[*attr.Field]int, len(s.axes))
	for i := range s.axes {
		at[s.axes[i].field] = i
	}
	for i, f := range s.fields {
		if k, ok := at[f]; ok {
			bindings = s.axes[k].bind(bindings, 0, places[k])
			continue
		}
		if i > 0 && s.fields[i-1].Group == f.Group {
			continue
		}
		for k := range s.lists {
			if l := &s.lists[k]; l.name == f.Group {
				bindings = l.bind(bindings, b[len(s.axes)+k].(sequences))
			}
		}
	}
	return bindings
}

func (a *axis) bind(bindings []attr.Binding, elem, place int) []attr.Binding {
	switch {
	case place < len(a.values):
		return append(bindings, attr.Binding{Field: a.field, Elem: elem, Value: a.values[place]})
	case place == a.missing() && a.field.Pinned:
		return append(bindings, attr.Binding{Field: a.field, Elem: elem})
	}
	return bindings
}

// bind lists the attributes of a sequence: none, if it may be so, or one element
// of each set that it has to have one of.
func (l *list) bind(bindings []attr.Binding, s sequences) []attr.Binding {
	if s.none {
		return bindings
	}
	sets := s.some
	if len(sets) == 0 {
		sets = []bitset{s.all}
	}
	elem := 0
	for _, set := range sets {
		for i := range l.size {
			if !s.all.has(i) || !set.has(i) {
				continue
			}
			elem++
			for k, place := range l.at(i) {
				bindings = l.axes[k].bind(bindings, elem, place)
			}
			break
		}
	}
	return bindings
}
