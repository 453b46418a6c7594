package main

import (
	"fmt"
	"strings"

	"nethelper/internal/need"
	"nethelper/internal/privilege"
	"nethelper/policy"
)

// policyList prints what a principal may do, a row for each operation of each
// grant, and what its helper holds for that.
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
	grants := p.GrantsFor(principal)
	held, err := need.Of(grants)
	if err != nil {
		return err
	}
	all := []allowedJSON{}
	rows := [][]string{{"OPERATION", "GRANT", "ATTRIBUTES"}}
	for _, g := range grants {
		if g.Permissive {
			rows = append(rows, []string{"everything", g.Place(), ""})
			all = append(all, allowedJSON{Op: "*", Grant: g.Place()})
			continue
		}
		var constraints []string
		for i := range g.Constraints {
			constraints = append(constraints, g.Constraints[i].String())
		}
		words := constraints
		if g.Max > 0 {
			words = append(words[:len(words):len(words)], fmt.Sprintf("%s=%d", policy.Quota, g.Max))
		}
		for _, op := range g.Ops {
			rows = append(rows, []string{op, g.Place(), strings.Join(words, " ")})
			all = append(all, allowedJSON{op, g.Place(), constraints, g.Max})
		}
	}
	if c.json {
		return c.printJSON(listed{held.Profile(), held.Caps.Names(), held.Root, limitsJSONOf(p.LimitsFor(principal)), all})
	}
	if _, err := fmt.Fprint(c.stdout, c.comment(fmt.Sprintf("# %s\n# limits: %s\n", holds(held), p.LimitsFor(principal)))); err != nil {
		return err
	}
	return writeRows(c.stdout, "", rows)
}

// holds says in a sentence what a helper holds.
func holds(n privilege.Need) string {
	who := "as the user " + privilege.UserName
	if n.Root {
		who = "as uid 0"
	}
	return fmt.Sprintf("profile %s: a helper installed set-id root holds %s, %s", n.Profile(), n.Caps, who)
}

// A listed is what somebody may do, and what the helper holds for it, for programs.
type listed struct {
	Profile      string        `json:"profile"`
	Capabilities []string      `json:"capabilities"`
	Root         bool          `json:"root"`
	Limits       limitsJSON    `json:"limits"`
	Allowed      []allowedJSON `json:"allowed"`
}

// A limitsJSON is limits for programs: times in seconds, of which an idle of 0 is never,
// and memory in bytes.
type limitsJSON struct {
	Helpers int     `json:"helpers"`
	Idle    float64 `json:"idle"`
	Read    float64 `json:"read"`
	Write   float64 `json:"write"`
	Memory  uint64  `json:"memory"`
}

func limitsJSONOf(l policy.Limits) limitsJSON {
	return limitsJSON{l.Helpers, l.Idle.Seconds(), l.Read.Seconds(), l.Write.Seconds(), l.Memory}
}

// An allowedJSON is an operation that somebody may do, for programs.
type allowedJSON struct {
	Op    string   `json:"op"`
	Grant string   `json:"grant"`
	Attrs []string `json:"attrs"`
	Max   uint32   `json:"max,omitempty"`
}

func completeList(args []string, _ string) []string {
	if len(args) == 1 {
		return principalKinds
	}
	return nil
}
