package review

import (
	"nethelper/pkg/attr"
	"nethelper/policy"
)

// An axis is an attribute: the values that stand for all that it can have, and
// behind them the ways in which it can be missing.
type axis struct {
	field  *attr.Field
	values []attr.Value
	// grouped is true of a pinned attribute of a group that may be left out. That
	// the whole group is missing is then another matter than that the attribute is.
	grouped bool
}

// newAxis makes an axis that tells apart what the grants tell apart.
func newAxis(f *attr.Field, grants []*policy.Grant) (axis, bool) {
	var patterns []attr.Pattern
	for _, g := range grants {
		if c := g.Constraint(f.Name); c != nil {
			patterns = append(patterns, c.Patterns...)
		}
	}
	values, ok := f.Type.Atoms(patterns)
	return axis{field: f, values: values, grouped: f.Pinned && f.Group == "" && f.Parent() != ""}, ok
}

// missing and ungrouped are the places of what is not there.
func (a *axis) missing() int   { return len(a.values) }
func (a *axis) ungrouped() int { return len(a.values) + 1 }
func (a *axis) size() int      { return len(a.values) + 2 }

// of returns what the grant admits. It is the reading of one attribute that
// [policy.Policy.Decide] has.
func (a *axis) of(g *policy.Grant) bitset {
	b := newBitset(a.size())
	c := g.Constraint(a.field.Name)
	for i, v := range a.values {
		if c != nil && c.Match(v) {
			b.add(i)
		}
	}
	if !a.field.Required && (!a.field.Pinned || c == nil || c.Absent) || a.field.Required && a.field.Parent() != "" {
		b.add(a.missing())
	}
	if a.grouped {
		b.add(a.ungrouped())
	}
	return b
}

// all returns what a request can have, apart from what depends on other
// attributes.
func (a *axis) all() bitset {
	b := newBitset(a.size())
	for i := range a.values {
		b.add(i)
	}
	if !a.field.Required || a.field.Parent() != "" && a.field.Group == "" {
		b.add(a.missing())
	}
	if a.grouped {
		b.add(a.ungrouped())
	}
	return b
}

// A list is the axis of a repeated group. Its elements are numbered as the
// combinations of what stands along the axes of the group's attributes.
type list struct {
	name string
	axes []axis
	size int
}

// maxElements bounds the different elements of a list.
const maxElements = 1 << 14

func (l *list) add(a axis) bool {
	l.axes = append(l.axes, a)
	l.size *= a.size()
	return l.size <= maxElements
}

// at returns what element i has along each axis.
func (l *list) at(i int) []int {
	places := make([]int, len(l.axes))
	for k := range l.axes {
		places[k] = i % l.axes[k].size()
		i /= l.axes[k].size()
	}
	return places
}

// elements returns those of which each attribute is in its part.
func (l *list) elements(parts []bitset) bitset {
	b := newBitset(l.size)
	for i := range l.size {
		in, there := true, false
		for k, place := range l.at(i) {
			in = in && parts[k].has(place)
			there = there || place < len(l.axes[k].values)
		}
		if in && there {
			b.add(i)
		}
	}
	return b
}

func (l *list) of(g *policy.Grant) sequences { return l.with(func(a *axis) bitset { return a.of(g) }) }
func (l *list) all() sequences               { return l.with((*axis).all) }

func (l *list) with(part func(*axis) bitset) sequences {
	parts := make([]bitset, len(l.axes))
	for i := range l.axes {
		parts[i] = part(&l.axes[i])
	}
	return sequences{all: l.elements(parts), none: true}
}
