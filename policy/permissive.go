package policy

import (
	"maps"
	"slices"
)

// permissive reads permissive PRINCIPAL,...: the principals may do everything, and
// what no grant covers is to be recorded as what would be denied. It is there to
// find out what a service asks for.
func (p *parser) permissive(st []word) {
	if len(st) != 2 {
		p.errorf(st[0].at, "want permissive PRINCIPAL,...")
		return
	}
	faults := len(p.errs)
	g := &Grant{Who: p.principals(st[1]), Permissive: true, at: st[0].at, place: st[0].at.line()}
	if len(p.errs) > faults {
		return
	}
	g.Ops = slices.Sorted(maps.Keys(p.schema))
	p.policy.permissive = append(p.policy.permissive, g)
}

// Permissive returns the statements by which everything is allowed, in the order of
// the text.
func (p *Policy) Permissive() []*Grant { return p.permissive }

// Strict returns the policy as if it were permissive to nobody.
func (p *Policy) Strict() *Policy {
	strict := *p
	strict.permissive = nil
	return &strict
}

// permits returns the statement by which everything is allowed to the principal, or
// nil.
func (p *Policy) permits(who Principal) *Grant {
	for _, g := range p.permissive {
		if g.covers(who) {
			return g
		}
	}
	return nil
}
