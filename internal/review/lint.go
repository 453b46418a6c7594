package review

import (
	"cmp"
	"slices"

	"nethelper/policy"
)

// A Finding is something in a policy that is no fault, and perhaps not what was
// meant.
type Finding struct {
	// Code stays the same from release to release.
	Code string
	At   policy.Position
	// Message says what is so, Remedy what to do about it.
	Message, Remedy string
}

// A Check is one thing to look for.
type Check struct {
	Code    string
	Summary string
	find    func(*linter, *policy.Grant) []Finding
}

// A linter looks at one policy.
type linter struct {
	schema policy.Schema
	keeps  func(op string) string
	alive  map[scope][]*policy.Grant // without those that are found to be useless
}

// Lint returns what is to be found in a policy, in the order of the text. Keeps says
// what power a helper keeps for an operation beyond the usual, or nothing.
func Lint(p *policy.Policy, schema policy.Schema, keeps func(op string) string) []Finding {
	l := &linter{schema: schema, keeps: keeps, alive: scopes(p)}
	var found []Finding
	for _, s := range p.UnusedSets() {
		found = append(found, Finding{UnusedSet, s.At, "@" + s.Name + " is used by no statement", "delete it, or use it"})
	}
	// From the end, so that of two equal grants the first one stays.
	grants := slices.Clone(p.Grants())
	slices.Reverse(grants)
	for _, g := range grants {
		for _, c := range Checks {
			for _, f := range c.find(l, g) {
				f.Code, f.At = c.Code, g.At()
				found = append(found, f)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.At.File, b.At.File), cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.Code, b.Code))
	})
	return found
}
