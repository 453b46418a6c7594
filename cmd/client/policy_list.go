package main

import (
	"strings"

	"nethelper/policy"
)

// policyList prints what a principal may do, a row for each operation of each
// grant.
func (c *ctl) policyList(args []string) error {
	if len(args) != 2 {
		return usageErrorf("policy list: want FILE PRINCIPAL")
	}
	p, accounts, err := readPolicy(args[0], "")
	if err != nil {
		return err
	}
	principal, err := policy.ParsePrincipal(args[1], accounts)
	if err != nil {
		return usageErrorf("%v", err)
	}
	all := []allowedJSON{}
	rows := [][]string{{"OPERATION", "GRANT", "ATTRIBUTES"}}
	for _, g := range p.GrantsFor(principal) {
		if g.Permissive {
			rows = append(rows, []string{"everything", g.Place(), ""})
			all = append(all, allowedJSON{"*", g.Place(), nil})
			continue
		}
		var constraints []string
		for i := range g.Constraints {
			constraints = append(constraints, g.Constraints[i].String())
		}
		for _, op := range g.Ops {
			rows = append(rows, []string{op, g.Place(), strings.Join(constraints, " ")})
			all = append(all, allowedJSON{op, g.Place(), constraints})
		}
	}
	if c.json {
		return c.printJSON(all)
	}
	return writeRows(c.stdout, "", rows)
}

// An allowedJSON is an operation that somebody may do, for programs.
type allowedJSON struct {
	Op    string   `json:"op"`
	Grant string   `json:"grant"`
	Attrs []string `json:"attrs"`
}

func completeList(args []string, _ string) []string {
	if len(args) == 1 {
		return principalKinds
	}
	return nil
}
