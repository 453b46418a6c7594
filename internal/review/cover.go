package review

import (
	"nethelper/pkg/attr"
	"nethelper/policy"
)

// A verdict is an answer that may not be had.
type verdict int

const (
	undecided verdict = iota
	covered
	uncovered
)

// cover tells whether others, all for the same principals, allow whatever g allows
// of an operation. If they do not, it returns the attributes of a request that g
// allows and they do not.
func cover(g *policy.Grant, fields []*attr.Field, others []*policy.Grant) (verdict, []attr.Binding) {
	var near []*policy.Grant
	for _, o := range others {
		if !apart(g, o, fields) {
			near = append(near, o)
		}
	}
	s, ok := newSpace(fields, append(near[:len(near):len(near)], g))
	if !ok {
		return undecided, nil
	}
	boxes := make([]box, len(near))
	for i, o := range near {
		boxes[i] = s.of(o)
	}
	rest, ok := s.of(g).minusAll(boxes)
	if !ok {
		return undecided, nil
	}
	for _, b := range rest {
		if attrs, ok := s.request(b); ok {
			return uncovered, attrs
		}
	}
	return covered, nil
}

// apart reports whether two grants surely allow no request both. It is quick, and
// may miss it.
func apart(a, b *policy.Grant, fields []*attr.Field) bool {
	for _, f := range fields {
		if f.Group != "" || f.Parent() != "" {
			continue // what is left out there is so for both
		}
		x, y := a.Constraint(f.Name), b.Constraint(f.Name)
		switch {
		case x != nil && y != nil:
			if !(x.Absent && y.Absent) && (f.Required || f.Pinned) && disjoint(x, y) {
				return true
			}
		case x != nil && f.Pinned && !x.Absent, y != nil && f.Pinned && !y.Absent:
			return true // one wants it to be there, the other does not admit it
		}
	}
	return false
}

func disjoint(x, y *policy.Constraint) bool {
	for _, p := range x.Patterns {
		for _, q := range y.Patterns {
			if !attr.Disjoint(p, q) {
				return false
			}
		}
	}
	return true
}
