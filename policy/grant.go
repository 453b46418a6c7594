package policy

import (
	"fmt"
	"slices"
	"strings"

	"nethelper/pkg/attr"
)

// A Grant allows its principals its operations, as far as the constraints admit.
type Grant struct {
	Who []Who
	Ops []string
	// Constraints are those of the attributes that the grant mentions. All others
	// must be absent.
	Constraints []Constraint
	// Max is the quota: how many of the objects that it describes there may be for
	// it to allow one more. 0 is none: there may be any number.
	Max uint32
	// Permissive says that it is no grant, but allows everything, constraints or no.
	Permissive bool

	at    Position
	place string // as records have it
}

// Place returns where the grant is, such as policy:12.
func (g *Grant) Place() string { return g.place }

// At returns where the grant begins.
func (g *Grant) At() Position { return g.at }

// String returns the grant in canonical spelling, its sets written out.
func (g *Grant) String() string {
	var b strings.Builder
	if g.Permissive {
		b.WriteString("permissive ")
	} else {
		b.WriteString("grant ")
	}
	for i, w := range g.Who {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(w.String())
	}
	if g.Permissive {
		return b.String()
	}
	b.WriteString(" " + strings.Join(g.Ops, ","))
	for i := range g.Constraints {
		b.WriteString(" " + g.Constraints[i].String())
	}
	if g.Max > 0 {
		fmt.Fprintf(&b, " %s=%d", Quota, g.Max)
	}
	return b.String()
}

func (g *Grant) covers(p Principal) bool {
	return slices.ContainsFunc(g.Who, func(w Who) bool { return w.Covers(p) })
}

// Constraint returns the constraint on the attribute, or nil.
func (g *Grant) Constraint(name string) *Constraint {
	for i := range g.Constraints {
		if g.Constraints[i].Attr == name {
			return &g.Constraints[i]
		}
	}
	return nil
}

// admits reports whether the grant covers one attribute of a request.
func (g *Grant) admits(b *attr.Binding) bool {
	c := g.Constraint(b.Field.Name)
	switch {
	case b.Value == nil:
		return c == nil || c.Absent
	case c == nil:
		return false
	}
	return c.Match(b.Value)
}

// A Constraint is the values that a grant admits for one attribute: the union of
// its patterns.
type Constraint struct {
	// Attr is the name of the attribute, without numbers of elements.
	Attr     string
	Patterns []attr.Pattern
	// Absent says that the attribute, a pinned one, may be left out.
	Absent bool
}

// Match reports whether one of the patterns matches.
func (c *Constraint) Match(v attr.Value) bool {
	for _, p := range c.Patterns {
		if p.Match(v) {
			return true
		}
	}
	return false
}

// String returns ATTRIBUTE=PATTERN,... in canonical spelling.
func (c *Constraint) String() string { return c.Attr + "=" + strings.Join(c.spellings(), ",") }

// spellings returns the canonical spelling of each alternative.
func (c *Constraint) spellings() []string {
	var words []string
	for _, p := range c.Patterns {
		words = append(words, spell(p))
	}
	if c.Absent {
		words = append(words, absent)
	}
	return words
}

const (
	// absent is the alternative that the attribute is left out.
	absent = "-"
	// all is the alternative of all values.
	all = "*"
)

// spell returns the text of a pattern. A text that would read as a set or as
// absence starts with an escape.
func spell(p attr.Pattern) string {
	s := p.String()
	switch {
	case strings.HasPrefix(s, "@"):
		return `\x40` + s[1:]
	case s == absent:
		return `\x2d`
	}
	return s
}

// parsePattern reads a pattern of type t.
func parsePattern(t *attr.Type, text string) (attr.Pattern, error) {
	p, err := t.Pattern(text)
	switch {
	case err == nil:
		return p, nil
	case text == all:
		return everything{t}, nil
	}
	return nil, err
}

// everything is the pattern of all values of a type that has none for it.
type everything struct{ typ *attr.Type }

func (e everything) Match(v attr.Value) bool { return v.Type() == e.typ }
func (e everything) String() string          { return all }
