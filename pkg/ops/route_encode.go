package ops

import (
	"encoding/binary"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// encodeRoute makes the message that puts the route p. Links are looked up by at.
func encodeRoute(p *RouteParams, at *resolver, flags netlink.HeaderFlags) *kernel.Request {
	table := orElse(p.Table, unix.RT_TABLE_MAIN)
	r := kernel.NewRequest(unix.RTM_NEWROUTE, flags, &rtnetlink.RouteMessage{
		Family:    familyOf(p.Dst.Addr()),
		DstLength: uint8(p.Dst.Bits()),
		SrcLength: lengthOf(p.SrcPrefix),
		Tos:       uint8(value(p.TOS)),
		Table:     compactTable(table),
		Protocol:  uint8(orElse(p.Protocol, unix.RTPROT_STATIC)),
		Scope:     uint8(orElse(p.Scope, p.defaultScope())),
		Type:      uint8(orElse(p.Type, unix.RTN_UNICAST)),
		Flags:     hopFlags(p.OnLink),
	})
	r.Addr("dst", unix.RTA_DST, p.Dst.Addr())
	if p.SrcPrefix != nil {
		r.Addr("src_prefix", unix.RTA_SRC, p.SrcPrefix.Addr())
	}
	r.Uint32("table", unix.RTA_TABLE, uint32(table))
	if p.Metric != nil {
		r.Uint32("metric", unix.RTA_PRIORITY, uint32(*p.Metric))
	}
	encodeVia(r, "via", p.Via, p.Dst)
	if p.Dev != nil {
		r.Uint32("dev", unix.RTA_OIF, at.link("dev", *p.Dev))
	}
	if p.PrefSrc != nil {
		r.Addr("prefsrc", unix.RTA_PREFSRC, p.PrefSrc.Addr)
	}
	if p.Pref != nil {
		r.Uint8("pref", unix.RTA_PREF, uint8(*p.Pref))
	}
	if p.Expires != nil {
		r.Uint32("expires", unix.RTA_EXPIRES, uint32(*p.Expires))
	}
	if p.Realm != nil {
		r.Uint32("realm", unix.RTA_FLOW, uint32(*p.Realm))
	}
	if p.Metrics != nil {
		r.Nest("metrics", unix.RTA_METRICS, func() { encodeOptions(r, at, routeMetrics, p.Metrics) })
	}
	if len(p.Hops) > 0 {
		r.Array("hop", unix.RTA_MULTIPATH, func() {
			for i, h := range p.Hops {
				h.encode(r, at, hopName(i), p.Dst)
			}
		})
	}
	return r
}

// encode appends an element of RTA_MULTIPATH.
func (h *Hop) encode(r *kernel.Request, at *resolver, name string, dst attr.Prefix) {
	var index uint32
	if h.Dev != nil {
		index = at.link(name+".dev", *h.Dev)
	}
	r.Struct(name, nexthop(hopFlags(h.OnLink), orElse(h.Weight, 1), index), func() {
		encodeVia(r, name+".via", h.Via, dst)
	})
}

// encodeRouteKey makes the message that deletes the route: of what r says, all
// that the kernel compares. A scope of nowhere, and zero elsewhere, is any.
func encodeRouteKey(r *Route, flags netlink.HeaderFlags) *kernel.Request {
	m := kernel.NewRequest(unix.RTM_DELROUTE, flags, &rtnetlink.RouteMessage{
		Family:    uint8(r.Family),
		DstLength: uint8(r.Dst.Bits()),
		SrcLength: lengthOf(r.SrcPrefix),
		Tos:       uint8(value(r.TOS)),
		Table:     compactTable(r.Table),
		Protocol:  uint8(r.Protocol),
		Scope:     uint8(r.Scope),
		Type:      uint8(r.Type),
	})
	m.Addr("dst", unix.RTA_DST, r.Dst.Addr())
	if r.SrcPrefix != nil {
		m.Addr("src_prefix", unix.RTA_SRC, r.SrcPrefix.Addr())
	}
	m.Uint32("table", unix.RTA_TABLE, uint32(r.Table))
	if r.Metric != 0 {
		m.Uint32("metric", unix.RTA_PRIORITY, uint32(r.Metric))
	}
	if r.PrefSrc != nil {
		m.Addr("prefsrc", unix.RTA_PREFSRC, r.PrefSrc.Addr)
	}
	switch {
	case r.NHID != nil:
		m.Uint32("", rtaNHID, uint32(*r.NHID))
	case len(r.Hops) > 0:
		m.Array("hop", unix.RTA_MULTIPATH, func() {
			for i, h := range r.Hops {
				m.Struct(hopName(i), nexthop(0, h.Weight, uint32(value(h.Index))), func() {
					encodeVia(m, hopName(i)+".via", h.Via, r.Dst)
				})
			}
		})
	default:
		encodeVia(m, "via", r.Via, r.Dst)
		if r.Index != nil {
			m.Uint32("dev", unix.RTA_OIF, uint32(*r.Index))
		}
	}
	return m
}

// encodeVia appends the next router of a route to dst.
func encodeVia(r *kernel.Request, name string, via *attr.Addr, dst attr.Prefix) {
	switch {
	case via == nil:
	case via.Is4() == dst.Addr().Is4():
		r.Addr(name, unix.RTA_GATEWAY, via.Addr)
	default: // struct rtvia
		family := binary.NativeEndian.AppendUint16(nil, uint16(familyOf(via.Addr)))
		r.Bytes(name, unix.RTA_VIA, append(family, via.AsSlice()...))
	}
}

// nexthop returns a struct rtnexthop whose length is still to be set.
func nexthop(flags uint32, weight attr.Weight, index uint32) []byte {
	b := []byte{0, 0, uint8(flags), uint8(weight - 1)}
	return binary.NativeEndian.AppendUint32(b, index)
}

func hopFlags(onlink *attr.Flag) uint32 {
	return bitIf[uint32](onlink, unix.RTNH_F_ONLINK)
}

// defaultScope returns the scope that ip-route(8) gives a route.
func (p *RouteParams) defaultScope() attr.Scope {
	if !p.Dst.Addr().Is4() {
		return unix.RT_SCOPE_UNIVERSE
	}
	switch orElse(p.Type, unix.RTN_UNICAST) {
	case unix.RTN_LOCAL:
		return unix.RT_SCOPE_HOST
	case unix.RTN_BROADCAST, unix.RTN_MULTICAST, unix.RTN_ANYCAST:
		return unix.RT_SCOPE_LINK
	case unix.RTN_UNICAST:
		if p.Via == nil && len(p.Hops) == 0 {
			return unix.RT_SCOPE_LINK
		}
	}
	return unix.RT_SCOPE_UNIVERSE
}

// compactTable returns a table as headers hold it; the attribute has the whole.
func compactTable(t attr.Table) uint8 {
	if t > 255 {
		return unix.RT_TABLE_COMPAT
	}
	return uint8(t)
}

// lengthOf returns the length of a prefix, or 0 for none.
func lengthOf(p *attr.Prefix) uint8 {
	if p == nil {
		return 0
	}
	return uint8(p.Bits())
}
