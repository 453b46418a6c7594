package review

import (
	"fmt"
	"slices"
	"strings"

	"nethelper/pkg/attr"
	"nethelper/policy"
)

// UnusedSet is the code of what is found about a set. The others are about grants.
const UnusedSet = "unused-set"

// Checks are all that is looked for in grants.
var Checks = []Check{
	{"covered", "other grants allow all that the grant allows", (*linter).coveredByOthers},
	{"matches-nothing", "a pattern that no value can match", (*linter).matchesNothing},
	{"every-netns", "a pattern that is for every namespace there is or will be", every(attr.NetNS(""), "it acts in any network namespace, also those that other services make",
		"name the namespaces by a prefix of theirs")},
	{"every-link", "a pattern that is for every link", every(attr.IfName(""), "it is about any link, also the one that the machine is reached by",
		"name the links by a prefix of theirs")},
	{"every-address", "a prefix that holds all addresses of a family", (*linter).everyAddress},
	{"local-table", "tables among which is the kernel's own", (*linter).localTable},
	{"moves-links", "links can be moved to another namespace, out of the reach of who looks after them", mentions("to_netns", "peer.netns")},
	{"masters", "links can be put under a bridge, or taken off one, and with them the traffic", mentions("master", "nomaster")},
	{"power", "operations for which the helper keeps more power than others", (*linter).power},
}

// coveredByOthers finds what can be deleted without a change of meaning.
func (l *linter) coveredByOthers(g *policy.Grant) []Finding {
	for _, w := range g.Who {
		for _, op := range g.Ops {
			others := l.others(scope{w.Group, w.ID, op}, g)
			if v, _ := cover(g, l.schema[op].Attrs(), others); v != covered {
				return nil
			}
		}
	}
	var by []string
	for _, w := range g.Who {
		for _, op := range g.Ops {
			s := scope{w.Group, w.ID, op}
			l.alive[s] = slices.DeleteFunc(slices.Clone(l.alive[s]), func(o *policy.Grant) bool { return o == g })
			for _, o := range l.others(s, g) {
				if !apart(g, o, l.schema[op].Attrs()) && !slices.Contains(by, o.Place()) {
					by = append(by, o.Place())
				}
			}
		}
	}
	return []Finding{{Message: "all that it allows is allowed by " + strings.Join(by, ", "), Remedy: "delete it"}}
}

// others are the grants that can do for g: one with a quota may have none left.
func (l *linter) others(s scope, g *policy.Grant) []*policy.Grant {
	return slices.DeleteFunc(slices.Clone(l.alive[s]), func(o *policy.Grant) bool { return o == g || o.Max > 0 })
}

// matchesNothing finds patterns such as a glob that is longer than a name can be.
func (l *linter) matchesNothing(g *policy.Grant) (found []Finding) {
	for i := range g.Constraints {
		c := &g.Constraints[i]
		f := l.field(g, c.Attr)
		for _, p := range c.Patterns {
			atoms, ok := f.Type.Atoms([]attr.Pattern{p})
			if ok && !slices.ContainsFunc(atoms, p.Match) {
				found = append(found, Finding{Message: fmt.Sprintf("%s: no %s matches %s", c.Attr, f.Type.Name, p), Remedy: "correct the pattern, or delete it"})
			}
		}
	}
	return found
}

// field returns what the grant calls name.
func (l *linter) field(g *policy.Grant, name string) *attr.Field {
	fields := l.schema[g.Ops[0]].Attrs()
	i := slices.IndexFunc(fields, func(f *attr.Field) bool { return f.Name == name })
	return fields[i]
}

// every finds constraints on attributes of a type, such as select an object, that
// say nothing.
func every(of attr.Value, message, remedy string) func(*linter, *policy.Grant) []Finding {
	return func(l *linter, g *policy.Grant) (found []Finding) {
		for i := range g.Constraints {
			c := &g.Constraints[i]
			f := l.field(g, c.Attr)
			if f.Type == of.Type() && (f.Required || f.Pinned) && matchesAll(f, c) {
				found = append(found, Finding{Message: fmt.Sprintf("%s=%s: %s", c.Attr, words(c), message), Remedy: remedy})
			}
		}
		return found
	}
}

// matchesAll reports whether the constraint admits every value. That the own
// namespace has to be named makes no difference.
func matchesAll(f *attr.Field, c *policy.Constraint) bool {
	atoms, ok := f.Type.Atoms(c.Patterns)
	return ok && len(c.Patterns) > 0 && !slices.ContainsFunc(atoms, func(v attr.Value) bool { return v != attr.OwnNetNS && !c.Match(v) })
}

func words(c *policy.Constraint) string { return strings.TrimPrefix(c.String(), c.Attr+"=") }

// everyAddress finds prefixes of length 0, which hold more than one thinks of.
func (l *linter) everyAddress(g *policy.Grant) (found []Finding) {
	for i := range g.Constraints {
		c := &g.Constraints[i]
		f := l.field(g, c.Attr)
		family := holdsFamily(f, c)
		if family != "" && f.Required {
			found = append(found, Finding{
				Message: fmt.Sprintf("%s=%s: it holds all %s addresses", c.Attr, words(c), family),
				Remedy:  "name the prefixes that are meant; default alone is the default route",
			})
		}
	}
	return found
}

var addressTypes = []*attr.Type{(attr.Addr{}).Type(), (attr.Prefix{}).Type(), (attr.IfAddr{}).Type()}

// holdsFamily returns the family of which the constraint admits everything. Of
// routes it is enough that the halves of the address space are in.
func holdsFamily(f *attr.Field, c *policy.Constraint) string {
	atoms, ok := f.Type.Atoms(c.Patterns)
	if !ok || !slices.Contains(addressTypes, f.Type) {
		return ""
	}
	all := map[bool]bool{true: true, false: true}
	for _, v := range atoms {
		if is4, longer := familyOf(v); longer && !c.Match(v) {
			all[is4] = false
		}
	}
	switch {
	case all[true] && all[false]:
		return "IPv4 and IPv6"
	case all[true]:
		return "IPv4"
	case all[false]:
		return "IPv6"
	}
	return ""
}

// familyOf tells whether a value is of IPv4, and whether it is more than the
// default route.
func familyOf(v attr.Value) (is4, longer bool) {
	switch v := v.(type) {
	case attr.Addr:
		return v.Is4(), true
	case attr.Prefix:
		return v.Addr().Is4(), v.Bits() > 0
	case attr.IfAddr:
		return v.Addr().Is4(), true
	}
	return false, false
}

// localTable finds ranges of tables that go over the one in which the kernel keeps
// the machine's own addresses.
func (l *linter) localTable(g *policy.Grant) (found []Finding) {
	const local, main = attr.Table(255), attr.Table(254)
	for i := range g.Constraints {
		if c := &g.Constraints[i]; c.Match(local) && c.Match(main) {
			found = append(found, Finding{
				Message: fmt.Sprintf("%s=%s: the table local is among them, whose routes are the machine's own addresses", c.Attr, words(c)),
				Remedy:  "leave out 255",
			})
		}
	}
	return found
}

// mentions finds attributes that amount to more than they seem.
func mentions(names ...string) func(*linter, *policy.Grant) []Finding {
	return func(_ *linter, g *policy.Grant) (found []Finding) {
		for _, name := range names {
			if c := g.Constraint(name); c != nil && len(c.Patterns) > 0 {
				found = append(found, Finding{Message: c.String() + " is allowed", Remedy: "keep it if it is meant"})
			}
		}
		return found
	}
}

// power finds operations that take a helper with more power.
func (l *linter) power(g *policy.Grant) (found []Finding) {
	for _, op := range g.Ops {
		if kept := l.keeps(op); kept != "" {
			found = append(found, Finding{Message: fmt.Sprintf("for %s every helper of these callers keeps %s", op, kept), Remedy: "keep it if it is meant"})
		}
	}
	return found
}
