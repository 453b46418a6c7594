package ops

import (
	"math"
	"reflect"

	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// A RuleSpec describes one rule completely: a selector that is not there selects
// nothing. What rule.list tells can be handed to rule.delete.
type RuleSpec struct {
	Family         attr.Family         `cbor:"family" help:"address family"`
	Priority       attr.Priority       `cbor:"priority" help:"place among the rules; the lower, the earlier"`
	Not            *attr.Flag          `cbor:"not,omitempty" pinned:"true" help:"on for a rule about packets that do not fit the selectors"`
	From           *attr.Prefix        `cbor:"from,omitempty" pinned:"true" help:"source of the packet"`
	To             *attr.Prefix        `cbor:"to,omitempty" pinned:"true" help:"destination of the packet"`
	IIF            *attr.IfName        `cbor:"iif,omitempty" pinned:"true" help:"link that the packet comes in by; lo is for packets made here"`
	OIF            *attr.IfName        `cbor:"oif,omitempty" pinned:"true" help:"link that the sending socket is bound to"`
	FWMark         *attr.Mark          `cbor:"fwmark,omitempty" pinned:"true" help:"mark of the packet"`
	FWMask         *attr.Mark          `cbor:"fwmask,omitempty" pinned:"true" help:"bits of the mark that count; without it all"`
	TOS            *attr.TOS           `cbor:"tos,omitempty" pinned:"true" wide:"true" help:"type of service"`
	DSCP           *attr.DSCP          `cbor:"dscp,omitempty" since:"6.13" pinned:"true" wide:"true" help:"code point (DSCP)"`
	DSCPMask       *attr.DSCP          `cbor:"dscp_mask,omitempty" since:"6.15" pinned:"true" wide:"true" help:"bits of the code point that count; without it all"`
	FlowLabel      *attr.FlowLabel     `cbor:"flowlabel,omitempty" since:"6.14" pinned:"true" wide:"true" help:"flow label, IPv6 only"`
	FlowLabelMask  *attr.FlowLabel     `cbor:"flowlabel_mask,omitempty" since:"6.14" pinned:"true" wide:"true" help:"bits of the flow label that count; without it all"`
	IPProto        *attr.IPProtocol    `cbor:"ipproto,omitempty" pinned:"true" help:"protocol in the packet"`
	SPort          *attr.PortRange     `cbor:"sport,omitempty" pinned:"true" help:"source ports"`
	SPortMask      *attr.PortMask      `cbor:"sport_mask,omitempty" since:"6.15" pinned:"true" wide:"true" help:"bits of a single source port that count; without it all"`
	DPort          *attr.PortRange     `cbor:"dport,omitempty" pinned:"true" help:"destination ports"`
	DPortMask      *attr.PortMask      `cbor:"dport_mask,omitempty" since:"6.15" pinned:"true" wide:"true" help:"bits of a single destination port that count; without it all"`
	UIDRange       *attr.UIDRange      `cbor:"uidrange,omitempty" pinned:"true" help:"ids of the users that own the sending socket"`
	TunID          *attr.TunnelID      `cbor:"tun_id,omitempty" pinned:"true" wide:"true" help:"key of the tunnel that the packet came by"`
	L3MDev         *attr.Flag          `cbor:"l3mdev,omitempty" pinned:"true" help:"on to use the table of the link's VRF"`
	SuppressPrefix *attr.PrefixLength  `cbor:"suppress_prefixlength,omitempty" pinned:"true" help:"routes found with a prefix of this length or shorter do not count"`
	SuppressGroup  *attr.LinkGroup     `cbor:"suppress_ifgroup,omitempty" pinned:"true" wide:"true" help:"routes found that use a link of this group do not count"`
	Action         *attr.RuleAction    `cbor:"action,omitempty" pinned:"true" help:"what the rule does; without it table"`
	Table          *attr.Table         `cbor:"table,omitempty" pinned:"true" help:"table to look in"`
	Goto           *attr.Priority      `cbor:"goto,omitempty" pinned:"true" help:"priority of the rule to go on with"`
	Realm          *attr.Realm         `cbor:"realm,omitempty" pinned:"true" wide:"true" help:"realm to put the packet in, IPv4 only"`
	Protocol       *attr.RouteProtocol `cbor:"protocol,omitempty" pinned:"true" help:"who made the rule; without it unspec, as with ip-rule(8)"`
}

const (
	fullMark      attr.Mark      = math.MaxUint32
	fullDSCP      attr.DSCP      = 1<<6 - 1
	fullFlowLabel attr.FlowLabel = 1<<20 - 1
	fullPort      attr.PortMask  = math.MaxUint16
	noGroup       attr.LinkGroup = math.MaxUint32
)

// Check refuses a rule that the kernel would take for another one.
func (s *RuleSpec) Check() error {
	for _, p := range []struct {
		name   string
		prefix *attr.Prefix
	}{{"from", s.From}, {"to", s.To}} {
		if p.prefix != nil && familyOf(p.prefix.Addr()) != uint8(s.Family) {
			return invalid(p.name, "want a prefix of the family "+s.Family.String())
		}
	}
	if err := refuse("want the value that it is a mask of",
		presence{"fwmask", s.FWMask != nil && s.FWMark == nil},
		presence{"dscp_mask", s.DSCPMask != nil && s.DSCP == nil},
		presence{"flowlabel_mask", s.FlowLabelMask != nil && s.FlowLabel == nil},
		presence{"sport_mask", s.SPortMask != nil && s.SPort == nil},
		presence{"dport_mask", s.DPortMask != nil && s.DPort == nil},
	); err != nil {
		return err
	}
	if err := refuse("0 selects nothing: leave it out",
		presence{"fwmark", isZero(s.FWMark) && s.FWMask == nil},
		presence{"fwmask", isZero(s.FWMask)},
		presence{"dscp_mask", isZero(s.DSCPMask)},
		presence{"flowlabel_mask", isZero(s.FlowLabelMask)},
		presence{"tos", isZero(s.TOS)},
		presence{"tun_id", isZero(s.TunID)},
		presence{"realm", isZero(s.Realm)},
	); err != nil {
		return err
	}
	switch {
	case s.Realm != nil && s.Family != unix.AF_INET:
		return invalid("realm", "IPv6 has no realms")
	case s.SuppressGroup != nil && *s.SuppressGroup == noGroup:
		return invalid("suppress_ifgroup", "the kernel takes this number for none")
	case orElse(s.Action, unix.FR_ACT_TO_TBL) == unix.FR_ACT_TO_TBL && s.Table == nil && !bool(value(s.L3MDev)):
		return invalid("table", "want a table, or l3mdev=on")
	}
	return nil
}

// plain returns the one form of the rule: defaults are written out, and what
// says nothing is left out.
func (s RuleSpec) plain() RuleSpec {
	s.Action = new(orElse(s.Action, unix.FR_ACT_TO_TBL))
	s.Protocol = new(value(s.Protocol))
	s.From, s.To = prefixOrNil(s.From), prefixOrNil(s.To)
	s.Not, s.L3MDev = unless(s.Not, false), unless(s.L3MDev, false)
	if !isZero(s.FWMark) {
		s.FWMask = unless(s.FWMask, fullMark)
	}
	s.DSCPMask = unless(s.DSCPMask, fullDSCP)
	s.FlowLabelMask = unless(s.FlowLabelMask, fullFlowLabel)
	s.SPortMask = unless(s.SPortMask, fullPort)
	s.DPortMask = unless(s.DPortMask, fullPort)
	return s
}

// takes reports whether the kernel, asked to delete the plain rule s, would take
// the plain rule r if it came to it first: rule_find in net/core/fib_rules.c and
// the comparisons of both families. It compares neither not nor goto.
func (s *RuleSpec) takes(r *RuleSpec) bool {
	return s.Family == r.Family && s.Priority == r.Priority &&
		(isZero(s.Action) || same(s.Action, r.Action)) &&
		(isZero(s.Protocol) || same(s.Protocol, r.Protocol)) &&
		anyOr(s.Table, r.Table) &&
		anyOr(s.From, r.From) &&
		anyOr(s.To, r.To) &&
		anyOr(s.IIF, r.IIF) &&
		anyOr(s.OIF, r.OIF) &&
		(isZero(s.FWMark) || anyOr(s.FWMark, r.FWMark)) &&
		(s.FWMark == nil || s.fwmask() == r.fwmask()) &&
		anyOr(s.TOS, r.TOS) &&
		anyOr(s.DSCP, r.DSCP) &&
		anyOr(s.DSCPMask, r.DSCPMask) &&
		anyOr(s.FlowLabel, r.FlowLabel) &&
		(s.FlowLabel == nil || orElse(s.FlowLabelMask, fullFlowLabel) == orElse(r.FlowLabelMask, fullFlowLabel)) &&
		anyOr(s.IPProto, r.IPProto) &&
		anyOr(s.SPort, r.SPort) &&
		(s.SPort == nil || orElse(s.SPortMask, fullPort) == orElse(r.SPortMask, fullPort)) &&
		anyOr(s.DPort, r.DPort) &&
		(s.DPort == nil || orElse(s.DPortMask, fullPort) == orElse(r.DPortMask, fullPort)) &&
		anyOr(s.UIDRange, r.UIDRange) &&
		anyOr(s.TunID, r.TunID) &&
		anyOr(s.L3MDev, r.L3MDev) &&
		anyOr(s.SuppressPrefix, r.SuppressPrefix) &&
		anyOr(s.SuppressGroup, r.SuppressGroup) &&
		anyOr(s.Realm, r.Realm)
}

// fwmask returns the bits of the mark that count, none without a mark.
func (s *RuleSpec) fwmask() attr.Mark {
	if s.FWMark == nil {
		return 0
	}
	return orElse(s.FWMask, fullMark)
}

// equal reports whether two plain rules are the same.
func (s *RuleSpec) equal(r *RuleSpec) bool { return reflect.DeepEqual(s, r) }
