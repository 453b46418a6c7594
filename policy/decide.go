package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"nethelper/pkg/attr"
)

// A Request is what is to be judged: who asks, for which operation, with which
// attributes, as [attr.Bind] lists them.
type Request struct {
	Principal Principal
	Op        string
	Attrs     []attr.Binding
}

// A Decision is the answer to a request. It allows by naming the grant; the zero
// value denies. One that waits for a quota denies until it is settled.
type Decision struct {
	// Grant is the first grant that covers the request or, if there is none, what
	// makes the policy permissive to the principal.
	Grant *Grant
	// Misses tell, if no grant covers it, why those of the principal's grants of the
	// operation do not that come nearest: the nearest first.
	Misses []Miss
	// Limited are the grants that cover the request as far as their quota lasts, if
	// none without a quota does.
	Limited []*Grant

	otherwise *Grant // what allows it if no quota lasts
}

// maxMisses bounds an explanation.
const maxMisses = 3

// Allowed reports whether the request is to run.
func (d Decision) Allowed() bool { return d.Grant != nil }

// Covered reports whether a grant covers the request.
func (d Decision) Covered() bool { return d.Grant != nil && !d.Grant.Permissive }

// String returns allow and the place of the grant, or deny and the misses.
func (d Decision) String() string {
	if d.Allowed() {
		return "allow " + d.Grant.Place()
	}
	if len(d.Limited) > 0 {
		return "allow " + d.Limited[0].Place() + " while its quota lasts"
	}
	if len(d.Misses) == 0 {
		return "deny: no grant of the operation to the principal"
	}
	reasons := make([]string, len(d.Misses))
	for i, m := range d.Misses {
		reasons[i] = m.String()
	}
	return "deny: " + strings.Join(reasons, "; ")
}

// A Miss is why a grant does not cover a request.
type Miss struct {
	Grant *Grant
	// Attr is the first attribute that the grant does not admit, as the request
	// names it.
	Attr string
	// Reason says what the grant would have admitted.
	Reason string
	// Used is how many of its quota are there, if that is the reason.
	Used uint32
}

// String returns PLACE: ATTRIBUTE: REASON.
func (m Miss) String() string { return m.Grant.Place() + ": " + m.Attr + ": " + m.Reason }

// Decide says whether a grant covers the request: whether it is for the principal
// and the operation, and admits every attribute.
func (p *Policy) Decide(r Request) Decision {
	d := p.judge(r)
	switch {
	case d.Allowed():
	case len(d.Limited) > 0:
		d.otherwise = p.permits(r.Principal)
	default:
		d.Grant = p.permits(r.Principal)
	}
	return d
}

// judge is Decide by the grants alone.
func (p *Policy) judge(r Request) Decision {
	rules := p.rules[r.Op]
	if rules == nil {
		return Decision{}
	}
	if g := rules.find(r.Principal, r.Attrs); g != nil {
		return Decision{Grant: g}
	}
	if limited := rules.findLimited(r.Principal, r.Attrs); len(limited) > 0 {
		return Decision{Limited: limited}
	}
	return Decision{Misses: p.misses(r)}
}

// A rule is a grant as one of its operations reads it.
type rule struct {
	grant *Grant
	// needs are the constraints that every request has to meet: those on
	// attributes that are required, or pinned and not to be left out.
	needs []*Constraint
}

func newRule(g *Grant, fields []*attr.Field) rule {
	r := rule{grant: g}
	for _, f := range fields {
		c := g.Constraint(f.Name)
		if c != nil && f.Parent() == "" && (f.Required || f.Pinned && !c.Absent) {
			r.needs = append(r.needs, c)
		}
	}
	return r
}

func (r *rule) allows(who Principal, attrs []attr.Binding) bool {
	return r.grant.covers(who) && r.admits(attrs)
}

func (r *rule) admits(attrs []attr.Binding) bool {
	for i := range attrs {
		if !r.grant.admits(&attrs[i]) {
			return false
		}
	}
	for _, c := range r.needs {
		if !bound(attrs, c) {
			return false
		}
	}
	return true
}

// bound reports whether the attribute that c constrains is in a list. A list
// without it is none that attr.Bind made, and is not covered.
func bound(attrs []attr.Binding, c *Constraint) bool {
	for i := range attrs {
		if attrs[i].Field.Name == c.Attr {
			return true
		}
	}
	return false
}

// misses finds the grants that come nearest: those that admit most attributes.
func (p *Policy) misses(r Request) []Miss {
	type candidate struct {
		miss     Miss
		admitted int
	}
	var all []candidate
	for rule := range p.rules[r.Op].all() {
		if rule.grant.covers(r.Principal) {
			miss, admitted := rule.miss(r.Attrs)
			all = append(all, candidate{miss, admitted})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(b.admitted, a.admitted) })
	var nearest []Miss
	for _, c := range all[:min(len(all), maxMisses)] {
		nearest = append(nearest, c.miss)
	}
	return nearest
}

// miss tells the first attribute that a rule does not admit, and how many it does.
func (r *rule) miss(attrs []attr.Binding) (m Miss, admitted int) {
	m.Grant = r.grant
	for i := range attrs {
		b := &attrs[i]
		if r.grant.admits(b) {
			admitted++
		} else if m.Attr == "" {
			m.Attr, m.Reason = b.Name(), reason(r.grant.Constraint(b.Field.Name), b.Value)
		}
	}
	for _, c := range r.needs {
		if m.Attr == "" && !bound(attrs, c) {
			m.Attr, m.Reason = c.Attr, reason(c, nil)
		}
	}
	return m, admitted
}

func reason(c *Constraint, v attr.Value) string {
	switch {
	case c == nil:
		return "the grant does not mention it"
	case v == nil:
		return "left out, want " + wanted(c)
	}
	return fmt.Sprintf("%s, want %s", v, wanted(c))
}

// maxWanted bounds how many alternatives an explanation lists.
const maxWanted = 8

func wanted(c *Constraint) string {
	words := c.spellings()
	if len(words) <= maxWanted {
		return strings.Join(words, ",")
	}
	return fmt.Sprintf("%s or %d more", strings.Join(words[:maxWanted], ","), len(words)-maxWanted)
}
