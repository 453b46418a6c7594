package policy

import (
	"cmp"
	"fmt"
	"path"
	"slices"
)

// Parse makes a policy of the sources. The error, of type [Errors], tells all
// that is wrong with them.
func Parse(sources []Source, schema Schema, names Names) (*Policy, error) {
	if names == nil {
		names = &Accounts{}
	}
	p := &parser{
		schema: schema,
		names:  names,
		sets:   make(map[string]set),
		policy: &Policy{rules: make(map[string]*ruleset), digest: digest(sources)},
	}
	p.parse(sources)
	if len(p.errs) > 0 {
		order := textOrder(sources)
		slices.SortStableFunc(p.errs, func(a, b Error) int { return order(a.At, b.At) })
		return nil, p.errs
	}
	for _, rules := range p.policy.rules {
		rules.index()
	}
	p.policy.unused = p.unused(sources)
	return p.policy, nil
}

type parser struct {
	schema Schema
	names  Names
	errs   Errors
	sets   map[string]set
	policy *Policy
	audit  Position
	// explained is where the policy says how much a denial tells.
	explained Position
	// written counts the alternatives of all lists, their sets written out.
	written int
}

func (p *parser) errorf(at Position, format string, args ...any) {
	p.errs = append(p.errs, Error{at, fmt.Sprintf(format, args...)})
}

// parse reads what stands for itself first, then the grants, which may use any
// set, then the expectations, which are about all the grants.
func (p *parser) parse(sources []Source) {
	var grants, expects [][]word
	if len(sources) == 0 {
		p.errorf(Position{}, "there is no source")
	}
	for i, s := range sources {
		if slices.ContainsFunc(sources[:i], func(t Source) bool { return t.Name == s.Name }) {
			p.errorf(Position{s.Name, 1, 1}, "two sources have this name")
		}
		for _, st := range p.statements(s) {
			switch st[0].text {
			case "set":
				p.set(st)
			case "audit":
				p.auditFile(st)
			case "explain":
				p.explain(st)
			case "permissive":
				p.permissive(st)
			case "limit":
				p.limit(st)
			case "grant":
				grants = append(grants, st)
			case "expect":
				expects = append(expects, st)
			default:
				p.errorf(st[0].at, "%q: want set, grant, expect, audit, explain, limit or permissive", st[0].text)
			}
		}
	}
	for _, st := range grants {
		p.grant(st)
	}
	var expectations []Expectation
	for _, st := range expects {
		expectations = append(expectations, p.expect(st)...)
	}
	if len(p.errs) > 0 {
		return
	}
	for _, e := range expectations {
		p.verify(e)
	}
	p.policy.expectations = expectations
}

// textOrder compares places by where they come in the text.
func textOrder(sources []Source) func(a, b Position) int {
	order := make(map[string]int, len(sources))
	for i, s := range sources {
		order[s.Name] = i
	}
	return func(a, b Position) int {
		return cmp.Or(cmp.Compare(order[a.File], order[b.File]), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	}
}

// auditFile reads audit PATH.
func (p *parser) auditFile(st []word) {
	if len(st) != 2 {
		p.errorf(st[0].at, "want audit PATH")
		return
	}
	file := st[1]
	switch {
	case file.text == "journal":
		p.errorf(file.at, "the journal is not offered: want the path of a file")
	case !path.IsAbs(file.text) || path.Clean(file.text) != file.text || file.text == "/":
		p.errorf(file.at, `%q: want the absolute path of a file, without ".", ".." and needless slashes`, file.text)
	case p.policy.audit != "":
		p.errorf(st[0].at, "the audit file is given at %s already", p.audit.line())
	default:
		p.policy.audit, p.audit = file.text, st[0].at
	}
}
