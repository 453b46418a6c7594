package ops

import (
	"encoding/binary"
	"math"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

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
		func(ad *kernel.Attributes) attr.UIDRange {
			b := exactBytes(ad, 8)
			return attr.UIDRange{From: binary.NativeEndian.Uint32(b), To: binary.NativeEndian.Uint32(b[4:])}
		}),
	optional(unix.FRA_TUN_ID, func(s *RuleSpec) **attr.TunnelID { return &s.TunID },
		func(r *kernel.Request, v attr.TunnelID) { r.Uint64BE("tun_id", unix.FRA_TUN_ID, uint64(v)) },
		func(ad *kernel.Attributes) attr.TunnelID {
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
		func(ad *kernel.Attributes) attr.IfName { return attr.IfName(decodeText(ad)) })
}

// optionPorts is a struct fib_rule_port_range.
func optionPorts[O any](name string, typ uint16, field func(*O) **attr.PortRange) option[O] {
	return optional(typ, field,
		func(r *kernel.Request, v attr.PortRange) {
			b := binary.NativeEndian.AppendUint16(nil, uint16(v.From))
			r.Bytes(name, typ, binary.NativeEndian.AppendUint16(b, uint16(v.To)))
		},
		func(ad *kernel.Attributes) attr.PortRange {
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
		decode: func(ad *kernel.Attributes, o *O) {
			if v := ad.Uint32(); v != math.MaxUint32 {
				*field(o) = new(T(min(v, uint32(^T(0)))))
			}
		},
	}
}
