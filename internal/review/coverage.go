package review

import "nethelper/policy"

// A Coverage tells what the expectations of a policy are about.
type Coverage struct {
	Allow, Deny int // expectations
	// Untried are the grants that allow none of what is expected to be allowed.
	Untried []*policy.Grant
}

// Cover goes through the expectations, which hold or the policy would be none.
func Cover(p *policy.Policy) Coverage {
	var c Coverage
	tried := make(map[*policy.Grant]bool)
	for _, e := range p.Expectations() {
		if d := p.Decide(e.Request).WithRoom(); d.Allowed() {
			tried[d.Grant] = true
			c.Allow++
		} else {
			c.Deny++
		}
	}
	for _, g := range p.Grants() {
		if !tried[g] {
			c.Untried = append(c.Untried, g)
		}
	}
	return c
}
