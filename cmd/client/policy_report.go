package main

import (
	_ "embed"
	"fmt"
	"html/template"

	"nethelper/internal/need"
	"nethelper/internal/review"
	"nethelper/pkg/ops"
	"nethelper/policy"
)

//go:embed report.html
var reportText string

// reportPage escapes whatever a policy can hold for the place where it stands.
var reportPage = template.Must(template.New("report").Parse(reportText))

// A report is what the page shows.
type report struct {
	Name, Digest        string
	Grants, Allow, Deny int
	Permissive          []string
	Principals          []reportPrincipal
	Compared            string
	Changes             []reportChange
	Findings            []review.Finding
	Untried             []reportGrant
}

type reportPrincipal struct {
	Who, Holds, Limits string
	Cells              []reportCell
}

type reportCell struct {
	Op     string
	Grants []reportGrant
}

type reportGrant struct{ Place, Words string }

type reportChange struct{ Class, Sign, Text, Place string }

// policyReport writes a page about a policy, and about what it changes against an
// older one if that is given.
func (c *ctl) policyReport(args []string) error {
	if len(args) < 1 || len(args) > 2 {
		return usageErrorf("policy report: want FILE [OLD]")
	}
	p, _, err := readPolicy(args[0], "")
	if err != nil {
		return err
	}
	coverage := review.Cover(p)
	r := report{
		Name: args[0], Digest: fmt.Sprintf("%x", p.Digest()), Grants: len(p.Grants()), Allow: coverage.Allow, Deny: coverage.Deny,
		Findings: review.Lint(p, ops.Schema(), keeps), Untried: reportGrants(coverage.Untried),
	}
	if r.Principals, err = reportPrincipals(p); err != nil {
		return err
	}
	for _, g := range p.Permissive() {
		r.Permissive = append(r.Permissive, g.String())
	}
	if len(args) == 2 {
		old, _, err := readPolicy(args[1], "")
		if err != nil {
			return err
		}
		d, err := review.Diff(old, p, ops.Schema())
		if err != nil {
			return err
		}
		r.Compared, r.Changes = args[1], reportChanges(d)
	}
	return reportPage.Execute(c.stdout, r)
}

func reportPrincipals(p *policy.Policy) (principals []reportPrincipal, err error) {
	who, names, cells := review.Matrix(p)
	for _, w := range who {
		alone := review.Alone(w)
		held, err := need.Of(p.GrantsFor(alone))
		if err != nil {
			return nil, err
		}
		principal := reportPrincipal{Who: w.String(), Holds: holds(held), Limits: p.LimitsFor(alone).String()}
		for _, op := range names {
			for _, cell := range cells {
				if cell.Who.Group == w.Group && cell.Who.ID == w.ID && cell.Op == op {
					principal.Cells = append(principal.Cells, reportCell{op, reportGrants(cell.Grants)})
				}
			}
		}
		principals = append(principals, principal)
	}
	return principals, nil
}

func reportGrants(grants []*policy.Grant) (all []reportGrant) {
	for _, g := range grants {
		all = append(all, reportGrant{g.Place(), g.String()})
	}
	return all
}

func reportChanges(d *review.Difference) (all []reportChange) {
	for _, g := range d.Closed {
		all = append(all, reportChange{"minus", "-", g.String(), g.Place()})
	}
	for _, g := range d.Opened {
		all = append(all, reportChange{"plus", "+", g.String(), g.Place()})
	}
	for _, l := range d.Unlimited {
		all = append(all, reportChange{"minus", "-", l.String(), l.Place()})
	}
	for _, l := range d.Limited {
		all = append(all, reportChange{"plus", "+", l.String(), l.Place()})
	}
	for _, c := range d.Denied {
		all = append(all, reportChange{"minus", "-", c.String(), c.Grant.Place()})
	}
	for _, c := range d.Allowed {
		all = append(all, reportChange{"plus", "+", c.String(), c.Grant.Place()})
	}
	for _, g := range d.Undecided {
		all = append(all, reportChange{"", "?", "too much to compare: " + g.String(), g.Place()})
	}
	return all
}
