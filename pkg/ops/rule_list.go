package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// RuleList lists rules.
var RuleList = defineList(Op{
	Name:    "rule.list",
	Summary: "list the rules that choose a routing table",
	Doc: "IPv4 rules come first, those of a family in the order in which the kernel tries them. (RTM_GETRULE, " +
		"rtnetlink(7))",
}, func(t *kernel.Task, p RuleListParams, emit func(*Rule) error) error {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return err
	}
	for _, family := range families(p.Family) {
		if err := dumpRules(ns, family, func(r Rule) error { return emit(&r) }); err != nil {
			return err
		}
	}
	return nil
})

// RuleListParams is what rule.list takes.
type RuleListParams struct {
	In
	Family *attr.Family `cbor:"family,omitempty" pinned:"true" help:"rules of this family; without it of both"`
}

// dumpRules gives the rules of a family to visit, in the order of the kernel.
func dumpRules(ns *kernel.Netns, family attr.Family, visit func(Rule) error) error {
	r := kernel.NewRequest(unix.RTM_GETRULE, 0, &rtnetlink.RuleMessage{Family: uint8(family)})
	return ns.Dump(r, func(m netlink.Message) error {
		rule, err := decodeRule(m.Data)
		if err != nil {
			return err
		}
		return visit(rule)
	})
}
