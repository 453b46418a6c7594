package review

import "nethelper/policy"

// A Coverage tells what the expectations of a policy are about.
type Coverage struct {
	Allow, Deny int // expectations
	// By are the expectations that each grant allows.
	By map[*policy.Grant][]policy.Expectation
	// Untried are the grants that allow none of what is expected to be allowed.
	Untried []*policy.Grant
}

// Cover goes through the expectations, which hold or the policy would be none.
func Cover(p *policy.Policy) Coverage {
	c := Coverage{By: make(map[*policy.Grant][]policy.Expectation)}
	for _, e := range p.Expectations() {
		if d := p.Decide(e.Request).WithRoom(); d.Allowed() {
			c.By[d.Grant] = append(c.By[d.Grant], e)
			c.Allow++
		} else {
			c.Deny++
		}
	}
	for _, g := range p.Grants() {
		if len(c.By[g]) == 0 {
			c.Untried = append(c.Untried, g)
		}
	}
	return c
}
