package review

import (
	"cmp"
	"fmt"
	"slices"

	"nethelper/pkg/attr"
	"nethelper/policy"
)

// A Change is something that one policy allows and another denies, or allows by
// another quota.
type Change struct {
	// Who may do it, and by which grant.
	Who   policy.Who
	Op    string
	Grant *policy.Grant
	// Request is one of those that the policies differ about.
	Request policy.Request
}

// A Difference is how the meaning of a policy changes.
type Difference struct {
	Allowed []Change // denied before
	Denied  []Change // allowed before
	// Undecided are grants that are too much for an answer: with the time that it
	// would take, or more.
	Undecided []*policy.Grant
	// Opened and Closed are what makes one policy permissive and the other not.
	Opened, Closed []*policy.Grant
	// Limited and Unlimited are what the new policy, and what the old one, alone says
	// of limits.
	Limited, Unlimited []*policy.Limit
}

// Empty reports whether the two policies surely mean the same.
func (d *Difference) Empty() bool {
	return len(d.Allowed)+len(d.Denied)+len(d.Undecided)+len(d.Opened)+len(d.Closed)+len(d.Limited)+len(d.Unlimited) == 0
}

// Diff compares what two policies allow to any caller whatever. A grant for a user
// and one for a group are for different callers: who is in which group is no matter
// of the policy. What is permissive, or a limit, is told by its words, and the
// grants are compared beside it. A grant with a quota allows no more than one without, or than
// one that allows the same requests with no smaller quota.
func Diff(before, after *policy.Policy, schema policy.Schema) (*Difference, error) {
	d := &Difference{
		Opened: without(after.Permissive(), before.Permissive()), Closed: without(before.Permissive(), after.Permissive()),
		Limited: without(after.Limits(), before.Limits()), Unlimited: without(before.Limits(), after.Limits()),
	}
	before, after = before.Strict(), after.Strict()
	var err error
	if d.Allowed, err = d.more(after, before, schema); err != nil {
		return nil, err
	}
	if d.Denied, err = d.more(before, after, schema); err != nil {
		return nil, err
	}
	return d, nil
}

// without returns statements whose words are not among those of others.
func without[S fmt.Stringer](these, others []S) (rest []S) {
	for _, s := range these {
		if !slices.ContainsFunc(others, func(o S) bool { return o.String() == s.String() }) {
			rest = append(rest, s)
		}
	}
	return rest
}

// A scope is what grants have to share for one to be able to cover the other.
type scope struct {
	group bool
	id    uint32
	op    string
}

// scopes sorts the grants of a policy.
func scopes(p *policy.Policy) map[scope][]*policy.Grant {
	sorted := make(map[scope][]*policy.Grant)
	for _, g := range p.Grants() {
		for _, w := range g.Who {
			for _, op := range g.Ops {
				s := scope{w.Group, w.ID, op}
				sorted[s] = append(sorted[s], g)
			}
		}
	}
	return sorted
}

// more returns what p allows and q does not.
func (d *Difference) more(p, q *policy.Policy, schema policy.Schema) ([]Change, error) {
	others, limited := split(scopes(q))
	same := make(map[scope]map[string]bool)
	for s, grants := range others {
		same[s] = make(map[string]bool, len(grants))
		for _, g := range grants {
			same[s][constraints(g)] = true
		}
	}
	var changes []Change
	for _, g := range p.Grants() {
		for _, w := range g.Who {
			for _, op := range g.Ops {
				s := scope{w.Group, w.ID, op}
				if same[s][constraints(g)] {
					continue
				}
				v, attrs := cover(g, schema[op].Attrs(), others[s])
				if v == uncovered && matched(g, schema[op].Attrs(), limited[s]) {
					v = covered
				}
				switch v {
				case undecided:
					d.Undecided = append(d.Undecided, g)
				case uncovered:
					c := Change{Who: w, Op: op, Grant: g, Request: policy.Request{Principal: Alone(w), Op: op, Attrs: attrs}}
					if err := c.confirm(p, q); err != nil {
						return nil, err
					}
					changes = append(changes, c)
				}
			}
		}
	}
	return changes, nil
}

// split sorts out the grants that have a quota.
func split(all map[scope][]*policy.Grant) (without, with map[scope][]*policy.Grant) {
	without, with = make(map[scope][]*policy.Grant), make(map[scope][]*policy.Grant)
	for s, grants := range all {
		for _, g := range grants {
			if g.Max > 0 {
				with[s] = append(with[s], g)
			} else {
				without[s] = append(without[s], g)
			}
		}
	}
	return without, with
}

// matched reports whether one of the others, which have a quota, does for g, which
// has one: whether both are for the same requests, and so count the same objects.
func matched(g *policy.Grant, fields []*attr.Field, others []*policy.Grant) bool {
	if g.Max == 0 {
		return false
	}
	covers := func(o, g *policy.Grant) bool {
		v, _ := cover(g, fields, []*policy.Grant{o})
		return v == covered
	}
	return slices.ContainsFunc(others, func(o *policy.Grant) bool { return o.Max >= g.Max && covers(o, g) && covers(g, o) })
}

// confirm asks the evaluator.
func (c *Change) confirm(p, q *policy.Policy) error {
	by, not := p.Decide(c.Request), q.Decide(c.Request)
	if c.Grant.Max > 0 && slices.Contains(by.Limited, c.Grant) && !not.Allowed() {
		return nil
	}
	if by, not = by.WithRoom(), not.WithRoom(); !by.Allowed() || not.Allowed() && not.Grant.Max == 0 {
		return fmt.Errorf("%s: the evaluator does not agree about %s: one policy says %s, the other %s", c.Grant.Place(), c, by, not)
	}
	return nil
}

// Alone returns the one whom only grants for w are for.
func Alone(w policy.Who) policy.Principal {
	if w.Group {
		return policy.Principal{UID: nobody, GIDs: []uint32{w.ID}}
	}
	return policy.Principal{UID: w.ID}
}

// nobody is a user id that no grant names: the kernel gives it to none.
const nobody = 1<<32 - 1

// String returns the request as it stands in a policy, behind who makes it and before
// the quota that it has.
func (c *Change) String() string {
	text := c.Who.String() + " " + c.Op
	for _, b := range c.Request.Attrs {
		if b.Value != nil {
			text += " " + b.String()
		}
	}
	if c.Grant.Max > 0 {
		text += fmt.Sprintf(" %s=%d", policy.Quota, c.Grant.Max)
	}
	return text
}

// constraints returns what a grant admits, in an order that does not depend on the
// text.
func constraints(g *policy.Grant) string {
	sorted := slices.Clone(g.Constraints)
	slices.SortFunc(sorted, func(a, b policy.Constraint) int { return cmp.Compare(a.Attr, b.Attr) })
	text := ""
	for i := range sorted {
		text += sorted[i].String() + " "
	}
	return text
}
