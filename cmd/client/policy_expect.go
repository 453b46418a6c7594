package main

import (
	"fmt"
	"strings"

	"nethelper/internal/review"
	"nethelper/pkg/ops"
	"nethelper/policy"
)

// policyTest tries the expectations in files beside a policy, and says of each grant
// which of them it allows. An expectation that does not hold is an error of the
// policy.
func (c *ctl) policyTest(args []string) error {
	if len(args) < 1 {
		return usageErrorf("policy test: want FILE EXPECTATIONS...")
	}
	accounts, err := policy.ReadUntrustedAccounts()
	if err != nil {
		return err
	}
	var sources []policy.Source
	for _, file := range args {
		more, err := policy.ReadUntrusted(file, "")
		if err != nil {
			return err
		}
		sources = append(sources, more...)
	}
	p, err := policy.Parse(sources, ops.Schema(), accounts)
	if err != nil {
		return err
	}
	for _, g := range p.Grants() {
		if g.At().File != sources[0].Name {
			return fmt.Errorf("%s: a grant among expectations", g.Place())
		}
	}
	return c.printCoverage(p, review.Cover(p))
}

func (c *ctl) printCoverage(p *policy.Policy, coverage review.Coverage) error {
	if c.json {
		tested := testedJSON{Allow: coverage.Allow, Deny: coverage.Deny, Untried: places(coverage.Untried), Tried: make(map[string][]string)}
		for g, by := range coverage.By {
			tested.Tried[g.Place()] = places(by)
		}
		return c.printJSON(tested)
	}
	for _, g := range p.Grants() {
		about := c.finding("no expectation is about it")
		if by := coverage.By[g]; len(by) > 0 {
			about = c.good("by " + strings.Join(places(by), ", "))
		}
		if _, err := fmt.Fprintf(c.stdout, "%s: %s: %s\n", c.place(g.Place()), about, g); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(c.stdout, "%d allowed and %d denied as expected, %d grants untried\n", coverage.Allow, coverage.Deny, len(coverage.Untried))
	return err
}

// A testedJSON is what expectations are about, for programs.
type testedJSON struct {
	Allow   int                 `json:"allow"`
	Deny    int                 `json:"deny"`
	Tried   map[string][]string `json:"tried"` // the expectations, by grant
	Untried []string            `json:"untried"`
}
