package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// RuleDelete deletes one rule.
var RuleDelete = define(Op{
	Name:    "rule.delete",
	Summary: "delete the rule that is described completely",
	Doc: "Only a rule with exactly these attributes goes, none that has others besides. The kernel would take what is left " +
		"out for any; so the rules are listed first, and if the kernel would come to another rule before this one the " +
		"error is ambiguous. (RTM_DELRULE, rtnetlink(7), ip-rule(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p RuleDeleteParams) (Done, error) {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return Done{}, err
	}
	spec := p.plain()
	return settle(deleteRule(ns, &spec), p.IfAbsent, unix.ENOENT)
})

// RuleDeleteParams is what rule.delete takes.
type RuleDeleteParams struct {
	In
	RuleSpec
	IfAbsent *attr.Tolerance `cbor:"if_absent,omitempty" help:"ok makes it no error if the rule is not there"`
}

// deleteRule deletes the plain rule s, and no other.
func deleteRule(ns *kernel.Netns, s *RuleSpec) error {
	if err := findRule(ns, s); err != nil {
		return err
	}
	return deleteFoundRule(ns, s)
}

// findRule makes sure that s is there and that the kernel, looking for it, comes
// to no other rule before.
func findRule(ns *kernel.Netns, s *RuleSpec) error {
	var first, found *Rule
	err := dumpRules(ns, s.Family, func(r Rule) error {
		if first == nil && s.takes(&r.RuleSpec) {
			first = &r
		}
		if found == nil && r.is(s) {
			found = &r
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case found == nil:
		return &kernel.Error{Errno: unix.ENOENT, Attr: "priority", Message: "no such rule"}
	case first == nil || !first.is(s):
		return ambiguous("another rule of this priority stands before it, which the kernel would take for it")
	}
	return nil
}

// deleteFoundRule deletes a rule that is there. Should it have gone by now, the
// kernel tells which other one it took.
func deleteFoundRule(ns *kernel.Netns, s *RuleSpec) error {
	var taken *Rule
	err := ns.Ask(encodeRule(unix.RTM_DELRULE, netlink.Echo, s), func(m netlink.Message) error {
		r, err := decodeRule(m.Data)
		taken = &r
		return err
	})
	if err == nil && taken != nil && !taken.is(s) {
		return ambiguous("the rules changed meanwhile, and another rule of this priority was deleted")
	}
	return err
}
