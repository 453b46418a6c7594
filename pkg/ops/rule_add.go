package ops

import (
	"errors"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// RuleAdd adds a rule.
var RuleAdd = counted(defineChange(Op{
	Name:    "rule.add",
	Summary: "add a rule that chooses a routing table",
	Doc: "Links need not be there: a rule with iif or oif waits for a link of that name. The alternative name of a link is " +
		"ambiguous. The kernel takes a rule for one that is there already if the two differ in not or goto only, or if " +
		"the other has from, to, tos, dscp, flowlabel or realm besides; that is an error even with if_present=ok. " +
		"(RTM_NEWRULE with NLM_F_EXCL, rtnetlink(7), ip-rule(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p *RuleAddParams) (*Change, error) {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return nil, err
	}
	spec := p.plain()
	if err := spec.checkLinks(ns); err != nil {
		return nil, err
	}
	return changeBy(ns, encodeRule(unix.RTM_NEWRULE, netlink.Create|netlink.Excl, &spec), func(refused error) (Done, error) {
		if value(p.IfPresent) != attr.OK || !errors.Is(refused, unix.EEXIST) {
			return changed(refused)
		}
		return spec.found(ns, refused)
	}), nil
}, nil), listed(RuleList, func(p *RuleAddParams) RuleListParams { return RuleListParams{In: p.In} }), nil)

// RuleAddParams is what rule.add takes.
type RuleAddParams struct {
	In
	RuleSpec
	IfPresent *attr.Tolerance `cbor:"if_present,omitempty" help:"ok makes it no error if the rule is there already"`
}

// alone is true of what may have to be looked for among the rules that are there.
func (p *RuleAddParams) alone() bool { return p.IfPresent != nil }

// found makes sure that it is the very rule which the kernel refused to add.
func (s *RuleSpec) found(ns *kernel.Netns, refused error) (Done, error) {
	there := false
	err := dumpRules(ns, s.Family, func(r Rule) error {
		there = there || r.is(s)
		return nil
	})
	switch {
	case err != nil:
		return Done{}, err
	case !there:
		return Done{}, refused
	}
	return Done{Changed: false}, nil
}

// checkLinks refuses a name that is an alternative one of a link: to the kernel the
// rule would be about that link, until its canonical name is what counts.
func (s *RuleSpec) checkLinks(ns *kernel.Netns) error {
	for _, name := range []*attr.IfName{s.IIF, s.OIF} {
		if name == nil {
			continue
		}
		r := kernel.NewRequest(unix.RTM_GETLINK, 0, &rtnetlink.LinkMessage{})
		r.String("", unix.IFLA_IFNAME, string(*name))
		r.Uint32("", unix.IFLA_EXT_MASK, extMask(false))
		canonical := *name
		err := ns.Ask(r, func(m netlink.Message) error {
			l, err := decodeLink(m.Data)
			canonical = l.Name
			return err
		})
		switch {
		case errors.Is(err, unix.ENODEV):
		case err != nil:
			return err
		case canonical != *name:
			return ambiguous(string(*name) + " is an alternative name of a link")
		}
	}
	return nil
}
