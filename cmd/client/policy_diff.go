package main

import (
	"errors"
	"fmt"

	"nethelper/internal/review"
	"nethelper/pkg/ops"
)

// errDiffer is the error of policies that do not mean the same.
var errDiffer = errors.New("the policies differ")

// policyDiff prints what one policy allows and the other does not: for each grant
// that makes a difference a request, and the grant.
func (c *ctl) policyDiff(args []string) error {
	if len(args) != 2 {
		return usageErrorf("policy diff: want OLD NEW")
	}
	before, _, err := readPolicy(args[0], "")
	if err != nil {
		return err
	}
	after, _, err := readPolicy(args[1], "")
	if err != nil {
		return err
	}
	d, err := review.Diff(before, after, ops.Schema())
	if err != nil {
		return err
	}
	if err := c.printDifference(d); err != nil {
		return err
	}
	if d.Empty() {
		return nil
	}
	return reported{errDiffer}
}

func (c *ctl) printDifference(d *review.Difference) error {
	if c.json {
		return c.printJSON(differs{
			Denied: changes(d.Denied), Allowed: changes(d.Allowed), Undecided: places(d.Undecided),
			Opened: places(d.Opened), Closed: places(d.Closed), Limited: places(d.Limited), Unlimited: places(d.Unlimited),
		})
	}
	var lines []string
	line := func(colour func(string) string, text, place string) {
		lines = append(lines, colour(text)+"  "+c.comment("# "+place))
	}
	for _, g := range d.Closed {
		line(c.bad, "- "+g.String(), g.Place())
	}
	for _, g := range d.Opened {
		line(c.good, "+ "+g.String(), g.Place())
	}
	for _, l := range d.Unlimited {
		line(c.bad, "- "+l.String(), l.Place())
	}
	for _, l := range d.Limited {
		line(c.good, "+ "+l.String(), l.Place())
	}
	for _, change := range d.Denied {
		line(c.bad, "- "+change.String(), change.Grant.Place())
	}
	for _, change := range d.Allowed {
		line(c.good, "+ "+change.String(), change.Grant.Place())
	}
	for _, place := range places(d.Undecided) {
		line(c.finding, "? too much to compare", place)
	}
	for _, l := range lines {
		if _, err := fmt.Fprintln(c.stdout, l); err != nil {
			return err
		}
	}
	return nil
}

// A differs is a difference for programs.
type differs struct {
	Denied    []changeJSON `json:"denied"`
	Allowed   []changeJSON `json:"allowed"`
	Undecided []string     `json:"undecided"`
	Opened    []string     `json:"opened"` // permissive statements
	Closed    []string     `json:"closed"`
	Limited   []string     `json:"limited"` // limit statements
	Unlimited []string     `json:"unlimited"`
}

// A changeJSON is a request that the policies differ about, and the grant by which.
type changeJSON struct {
	Request string `json:"request"`
	Grant   string `json:"grant"`
}

func changes(all []review.Change) []changeJSON {
	found := []changeJSON{}
	for _, c := range all {
		found = append(found, changeJSON{c.String(), c.Grant.Place()})
	}
	return found
}

func places[S interface{ Place() string }](statements []S) []string {
	found := []string{}
	for _, g := range statements {
		found = append(found, g.Place())
	}
	return found
}
