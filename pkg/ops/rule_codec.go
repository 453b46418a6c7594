package ops

import (
	"encoding/binary"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// ruleOptions are the netlink attributes of a rule that stand for themselves;
// prefixes need the header too.
var ruleOptions = []option[RuleSpec]{
	optionIfName("iif", unix.FRA_IIFNAME, func(s *RuleSpec) **attr.IfName { return &s.IIF }),
	optionIfName("oif", unix.FRA_OIFNAME, func(s *RuleSpec) **attr.IfName { return &s.OIF }),
	option32("fwmark", unix.FRA_FWMARK, func(s *RuleSpec) **attr.Mark { return &s.FWMark }),
	option32("fwmask", unix.FRA_FWMASK, func(s *RuleSpec) **attr.Mark { return &s.FWMask }),
	option8("dscp", fraDSCP, func(s *RuleSpec) **attr.DSCP { return &s.DSCP }),
	option8("dscp_mask", fraDSCPMask, func(s *RuleSpec) **attr.DSCP { return &s.DSCPMask }),
	option32BE("flowlabel", fraFlowLabel, func(s *RuleSpec) **attr.FlowLabel { return &s.FlowLabel }),
	option32BE("flowlabel_mask", fraFlowLabelMask, func(s *RuleSpec) **attr.FlowLabel { return &s.FlowLabelMask }),
	option8("ipproto", unix.FRA_IP_PROTO, func(s *RuleSpec) **attr.IPProtocol { return &s.IPProto }),
	optionPorts("sport", unix.FRA_SPORT_RANGE, func(s *RuleSpec) **attr.PortRange { return &s.SPort }),
	option16("sport_mask", fraSPortMask, func(s *RuleSpec) **attr.PortMask { return &s.SPortMask }),
	optionPorts("dport", unix.FRA_DPORT_RANGE, func(s *RuleSpec) **attr.PortRange { return &s.DPort }),
	option16("dport_mask", fraDPortMask, func(s *RuleSpec) **attr.PortMask { return &s.DPortMask }),
	optional(unix.FRA_UID_RANGE, func(s *RuleSpec) **attr.UIDRange { return &s.UIDRange },
		func(r *kernel.Request, v attr.UIDRange) {
			b := binary.NativeEndian.AppendUint32(nil, v.From)
			r.Bytes("uidrange", unix.FRA_UID_RANGE, binary.NativeEndian.AppendUint32(b, v.To))
		},
		func(ad *netlink.AttributeDecoder) attr.UIDRange {
			b := exactBytes(ad, 8)
			return attr.UIDRange{From: binary.NativeEndian.Uint32(b), To: binary.NativeEndian.Uint32(b[4:])}
		}),
	optional(unix.FRA_TUN_ID, func(s *RuleSpec) **attr.TunnelID { return &s.TunID },
		func(r *kernel.Request, v attr.TunnelID) { r.Uint64BE("tun_id", unix.FRA_TUN_ID, uint64(v)) },
		func(ad *netlink.AttributeDecoder) attr.TunnelID {
			return attr.TunnelID(binary.BigEndian.Uint64(exactBytes(ad, 8)))
		}),
	optionBool("l3mdev", unix.FRA_L3MDEV, func(s *RuleSpec) **attr.Flag { return &s.L3MDev }),
	optionSigned("suppress_prefixlength", unix.FRA_SUPPRESS_PREFIXLEN, func(s *RuleSpec) **attr.PrefixLength { return &s.SuppressPrefix }),
	optionSigned("suppress_ifgroup", unix.FRA_SUPPRESS_IFGROUP, func(s *RuleSpec) **attr.LinkGroup { return &s.SuppressGroup }),
	option32("goto", unix.FRA_GOTO, func(s *RuleSpec) **attr.Priority { return &s.Goto }),
	option32("realm", unix.FRA_FLOW, func(s *RuleSpec) **attr.Realm { return &s.Realm }),
	option8("protocol", unix.FRA_PROTOCOL, func(s *RuleSpec) **attr.RouteProtocol { return &s.Protocol }),
}

// optionIfName is the name of a link, which need not be there.
func optionIfName[O any](name string, typ uint16, field func(*O) **attr.IfName) option[O] {
	return optional(typ, field,
		func(r *kernel.Request, v attr.IfName) { r.String(name, typ, string(v)) },
		func(ad *netlink.AttributeDecoder) attr.IfName {
			return attr.IfName(strings.ToValidUTF8(ad.String(), "\uFFFD"))
		})
}

// optionPorts is a struct fib_rule_port_range.
func optionPorts[O any](name string, typ uint16, field func(*O) **attr.PortRange) option[O] {
	return optional(typ, field,
		func(r *kernel.Request, v attr.PortRange) {
			b := binary.NativeEndian.AppendUint16(nil, uint16(v.From))
			r.Bytes(name, typ, binary.NativeEndian.AppendUint16(b, uint16(v.To)))
		},
		func(ad *netlink.AttributeDecoder) attr.PortRange {
			b := exactBytes(ad, 4)
			return attr.PortRange{From: attr.Port(binary.NativeEndian.Uint16(b)), To: attr.Port(binary.NativeEndian.Uint16(b[2:]))}
		})
}

// optionSigned is a number of 32 bits of which -1 is none. What T cannot hold is
// its greatest value, which no request has.
func optionSigned[O any, T ~uint8 | ~uint32](name string, typ uint16, field func(*O) **T) option[O] {
	return option[O]{
		typ: typ,
		encode: func(r *kernel.Request, _ *resolver, o *O) {
			if v := *field(o); v != nil {
				r.Uint32(name, typ, uint32(*v))
			}
		},
		decode: func(ad *netlink.AttributeDecoder, o *O) {
			if v := ad.Uint32(); v != math.MaxUint32 {
				*field(o) = new(T(min(v, uint32(^T(0)))))
			}
		},
	}
}

// encodeRule makes a message about the plain rule s.
func encodeRule(typ uint16, flags netlink.HeaderFlags, s *RuleSpec) *kernel.Request {
	header := &rtnetlink.RuleMessage{
		Family:    uint8(s.Family),
		DstLength: lengthOf(s.To),
		SrcLength: lengthOf(s.From),
		TOS:       uint8(value(s.TOS)),
		Table:     compactTable(value(s.Table)),
		Action:    uint8(value(s.Action)),
	}
	if value(s.Not) {
		header.Flags = unix.FIB_RULE_INVERT
	}
	r := kernel.NewRequest(typ, flags, header)
	r.Uint32("priority", unix.FRA_PRIORITY, uint32(s.Priority))
	if s.From != nil {
		r.Addr("from", unix.FRA_SRC, s.From.Addr())
	}
	if s.To != nil {
		r.Addr("to", unix.FRA_DST, s.To.Addr())
	}
	if s.Table != nil {
		r.Uint32("table", unix.FRA_TABLE, uint32(*s.Table))
	}
	encodeOptions(r, nil, ruleOptions, s)
	if s.FlowLabel != nil && s.FlowLabelMask == nil { // the kernel has no default
		r.Uint32BE("flowlabel", fraFlowLabelMask, uint32(fullFlowLabel))
	}
	return r
}

// A Rule is a rule as the kernel has it.
type Rule struct {
	RuleSpec
	Flags   []string `cbor:"flags,omitempty" help:"unresolved if no rule has the priority goto, iif_detached and oif_detached if there is no such link"`
	Unknown []uint16 `cbor:"unknown,omitempty" help:"numbers of netlink attributes of the rule that are not known here, linux/fib_rules.h"`
}

// ruleFlags are the words for the flags beside FIB_RULE_INVERT.
var ruleFlags = []bitWord{
	{unix.FIB_RULE_PERMANENT, "permanent"},
	{unix.FIB_RULE_UNRESOLVED, "unresolved"},
	{unix.FIB_RULE_IIF_DETACHED, "iif_detached"},
	{unix.FIB_RULE_OIF_DETACHED, "oif_detached"},
	{unix.FIB_RULE_FIND_SADDR, "find_saddr"},
}

// sizeofRuleHeader is the size of struct fib_rule_hdr.
const sizeofRuleHeader = 12

// decodeRule reads a message RTM_NEWRULE or RTM_DELRULE.
func decodeRule(b []byte) (Rule, error) {
	if len(b) < sizeofRuleHeader {
		return Rule{}, fmt.Errorf("rule message of %d bytes", len(b))
	}
	flags := binary.NativeEndian.Uint32(b[8:])
	r := Rule{
		RuleSpec: RuleSpec{
			Family: attr.Family(b[0]),
			TOS:    unless(new(attr.TOS(b[3])), 0),
			Table:  unless(new(attr.Table(b[4])), 0),
			Action: new(attr.RuleAction(b[7])),
			Not:    unless(new(attr.Flag(flags&unix.FIB_RULE_INVERT != 0)), false),
		},
		Flags: bitWords(flags&^unix.FIB_RULE_INVERT, ruleFlags),
	}
	if r.Family != unix.AF_INET && r.Family != unix.AF_INET6 {
		return Rule{}, fmt.Errorf("rule of family %d", r.Family)
	}
	from := unspecified(r.Family == unix.AF_INET)
	to := from
	ad, err := netlink.NewAttributeDecoder(b[sizeofRuleHeader:])
	if err != nil {
		return Rule{}, err
	}
	for ad.Next() {
		switch ad.Type() {
		case unix.FRA_PAD:
		case unix.FRA_SRC:
			from = decodeAddr(ad)
		case unix.FRA_DST:
			to = decodeAddr(ad)
		case unix.FRA_PRIORITY:
			r.Priority = attr.Priority(ad.Uint32())
		case unix.FRA_TABLE:
			r.Table = unless(new(attr.Table(ad.Uint32())), 0)
		default:
			r.decodeOption(ad)
		}
	}
	if err := ad.Err(); err != nil {
		return Rule{}, fmt.Errorf("rule message: %w", err)
	}
	for _, p := range []struct {
		addr   netip.Addr
		length uint8
		field  **attr.Prefix
	}{{to, b[1], &r.To}, {from, b[2], &r.From}} {
		prefix, err := decodePrefix(p.addr, p.length, r.Family)
		if err != nil {
			return Rule{}, err
		}
		*p.field = &prefix
	}
	if r.FWMask != nil && r.FWMark == nil { // the kernel leaves out a mark of 0
		r.FWMark = new(attr.Mark(0))
	}
	r.RuleSpec = r.plain()
	return r, nil
}

func (r *Rule) decodeOption(ad *netlink.AttributeDecoder) {
	for _, opt := range ruleOptions {
		if opt.typ == ad.Type() {
			opt.decode(ad, &r.RuleSpec)
			return
		}
	}
	r.Unknown = append(r.Unknown, ad.Type())
}

// is reports whether the rule is all that the plain s says, and nothing more.
func (r *Rule) is(s *RuleSpec) bool {
	return r.equal(s) && len(r.Unknown) == 0 && !slices.Contains(r.Flags, "find_saddr")
}
