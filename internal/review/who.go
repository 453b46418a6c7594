package review

import (
	"nethelper/pkg/attr"
	"nethelper/policy"
)

// A Permission is that somebody may do something, by a grant.
type Permission struct {
	Who   policy.Who
	Grant *policy.Grant
}

// Who returns who may do an operation with the attributes that are given, in the
// order of the text. An attribute that is not given may be anything.
func Who(p *policy.Policy, op string, given []attr.Binding) []Permission {
	var found []Permission
	for _, g := range append(p.Grants()[:len(p.Grants()):len(p.Grants())], p.Permissive()...) {
		if !g.Permissive && !allows(g, op, given) {
			continue
		}
		for _, w := range g.Who {
			found = append(found, Permission{w, g})
		}
	}
	return found
}

func allows(g *policy.Grant, op string, given []attr.Binding) bool {
	for _, name := range g.Ops {
		if name != op {
			continue
		}
		for _, b := range given {
			if c := g.Constraint(b.Field.Name); c == nil || !c.Match(b.Value) {
				return false
			}
		}
		return true
	}
	return false
}
