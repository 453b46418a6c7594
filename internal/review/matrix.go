package review

import (
	"slices"

	"nethelper/policy"
)

// A Cell is what a principal may do by one operation.
type Cell struct {
	Who    policy.Who
	Op     string
	Grants []*policy.Grant
}

// Matrix returns the principals and the operations that a policy speaks of, each in
// the order of the text, and what there is where they meet.
func Matrix(p *policy.Policy) (who []policy.Who, ops []string, cells []Cell) {
	at := make(map[scope]int)
	for _, g := range p.Grants() {
		for _, w := range g.Who {
			if !slices.ContainsFunc(who, func(o policy.Who) bool { return o.Group == w.Group && o.ID == w.ID }) {
				who = append(who, w)
			}
			for _, op := range g.Ops {
				if !slices.Contains(ops, op) {
					ops = append(ops, op)
				}
				s := scope{w.Group, w.ID, op}
				i, there := at[s]
				if !there {
					i = len(cells)
					at[s] = i
					cells = append(cells, Cell{Who: w, Op: op})
				}
				cells[i].Grants = append(cells[i].Grants, g)
			}
		}
	}
	return who, ops, cells
}
