package policy

import (
	"slices"
	"strings"

	"nethelper/pkg/attr"
)

// grant reads grant PRINCIPAL,... OPERATION,... ATTRIBUTE=PATTERN,...
func (p *parser) grant(st []word) {
	if len(st) < 3 {
		p.errorf(st[0].at, "want grant PRINCIPAL,... OPERATION,... ATTRIBUTE=PATTERN,...")
		return
	}
	faults := len(p.errs)
	g := &Grant{Who: p.principals(st[1]), Ops: p.operations(st[2]), at: st[0].at, place: st[0].at.line()}
	for _, w := range st[3:] {
		p.constrain(g, w)
	}
	if len(p.errs) > faults {
		return
	}
	for _, op := range g.Ops {
		p.demand(g, op, st[2].at)
	}
	p.policy.grants = append(p.policy.grants, g)
	for _, op := range g.Ops {
		if p.policy.rules[op] == nil {
			p.policy.rules[op] = new(ruleset)
		}
		p.policy.rules[op].add(newRule(g, p.schema[op].Attrs()))
	}
}

func (p *parser) principals(list word) []Who {
	var found []Who
	for _, w := range p.split(list) {
		if strings.HasPrefix(w.text, "@") {
			p.errorf(w.at, "%q: sets stand for operations and patterns, not for principals", w.text)
		} else if who, err := p.who(w.text); err != nil {
			p.errorf(w.at, "%v", err)
		} else {
			found = append(found, who)
		}
	}
	return found
}

func (p *parser) operations(list word) []string {
	var ops []string
	for _, a := range p.alternatives(list) {
		switch _, known := p.schema[a.text]; {
		case !known:
			p.errorf(a.at, "%q: no such operation%s", a.text, a.set)
		case slices.Contains(ops, a.text):
			p.errorf(a.at, "%s is listed twice%s", a.text, a.set)
		default:
			ops = append(ops, a.text)
		}
	}
	return ops
}

// constrain reads one ATTRIBUTE=PATTERN,... of a grant.
func (p *parser) constrain(g *Grant, w word) {
	name, _, ok := strings.Cut(w.text, "=")
	switch {
	case !ok:
		p.errorf(w.at, "%q: want ATTRIBUTE=PATTERN,...", w.text)
		return
	case name == Quota:
		p.quota(g, w)
		return
	case g.Constraint(name) != nil:
		p.errorf(w.at, "%s is constrained twice; list the alternatives with commas between", name)
		return
	}
	c := Constraint{Attr: name}
	fields := p.fields(g, name, w.at)
	for _, a := range p.alternatives(w.tail(len(name) + 1)) {
		switch {
		case len(fields) == 0: // which is an error already
		case a.text == absent:
			c.Absent = true
			p.leaveOut(g, fields, a)
		default:
			pattern, err := parsePattern(fields[0].Type, a.text)
			if err != nil {
				p.errorf(a.at, "%s: %v%s", name, err, a.set)
				continue
			}
			c.Patterns = append(c.Patterns, pattern)
		}
	}
	g.Constraints = append(g.Constraints, c)
}

// fields finds what each operation of the grant calls name. All must take it, and
// mean the same type by it.
func (p *parser) fields(g *Grant, name string, at Position) []*attr.Field {
	var fields []*attr.Field
	for _, op := range g.Ops {
		f := field(p.schema[op].Attrs(), name)
		switch {
		case f == nil:
			p.errorf(at, "%s has no attribute %q", op, name)
		case len(fields) > 0 && fields[0].Type != f.Type:
			p.errorf(at, "%s is of type %s in %s and %s in %s; write a grant for each",
				name, fields[0].Type.Name, g.Ops[0], f.Type.Name, op)
		default:
			fields = append(fields, f)
		}
	}
	return fields
}

func field(fields []*attr.Field, name string) *attr.Field {
	for _, f := range fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}

// leaveOut checks that it means something to say that the attribute may be left
// out: that another grant could forbid it.
func (p *parser) leaveOut(g *Grant, fields []*attr.Field, a alternative) {
	for i, f := range fields {
		switch {
		case f.Required:
			p.errorf(a.at, `%s: "-" is useless, %s always needs it%s`, f.Name, g.Ops[i], a.set)
		case !f.Pinned:
			p.errorf(a.at, `%s: "-" is useless, %s can always leave it out%s`, f.Name, g.Ops[i], a.set)
		}
	}
}

// demand checks that some request can meet the grant: that the grant mentions
// what the operation needs, and what each group needs of which it mentions
// anything.
func (p *parser) demand(g *Grant, op string, at Position) {
	for _, f := range p.schema[op].Attrs() {
		if !f.Required || g.Constraint(f.Name) != nil {
			continue
		}
		group := f.Parent()
		if group == "" {
			p.errorf(at, "this grant could never apply: %s needs %s", op, f.Name)
			continue
		}
		for _, c := range g.Constraints {
			if strings.HasPrefix(c.Attr, group+".") {
				p.errorf(at, "%s could never apply: %s needs %s with it", c.Attr, op, f.Name)
				break
			}
		}
	}
}
