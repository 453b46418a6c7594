package ops

import (
	"errors"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// RouteGet asks which way a packet would go.
var RouteGet = define(Op{
	Name:    "route.get",
	Summary: "look up the route of a packet",
	Doc: "A destination without a route is refused with the errno ENETUNREACH. With fib_match the result is the route as " +
		"it stands in its table, otherwise the way to this one destination. (RTM_GETROUTE, rtnetlink(7))",
}, func(t *kernel.Task, p RouteGetParams) (Route, error) {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return Route{}, err
	}
	at := &resolver{t: t, ns: ns}
	m := p.encode(at)
	if at.err != nil {
		return Route{}, at.err
	}
	var found *Route
	err = ns.Ask(m, func(m netlink.Message) error {
		r, err := decodeRoute(m.Data)
		if err != nil {
			return err
		}
		found = &r
		return nil
	})
	if err != nil {
		return Route{}, err
	}
	if found == nil {
		return Route{}, errors.New("the kernel acknowledged a look-up without an answer")
	}
	namesIn(ns).fillRoute(found)
	return *found, nil
})

// RouteGetParams is what route.get takes: what the kernel looks at in a packet.
type RouteGetParams struct {
	In
	Dst      attr.Addr        `cbor:"dst" help:"destination"`
	From     *attr.Addr       `cbor:"from,omitempty" help:"source"`
	IIF      *attr.IfName     `cbor:"iif,omitempty" help:"link that the packet comes in by; without it the packet is made here"`
	OIF      *attr.IfName     `cbor:"oif,omitempty" help:"link that the packet has to leave by"`
	TOS      *attr.TOS        `cbor:"tos,omitempty" help:"type of service"`
	Mark     *attr.Mark       `cbor:"mark,omitempty" help:"mark of the packet"`
	IPProto  *attr.IPProtocol `cbor:"ipproto,omitempty" help:"protocol in the packet: tcp, udp or icmp"`
	SPort    *attr.Port       `cbor:"sport,omitempty" help:"source port"`
	DPort    *attr.Port       `cbor:"dport,omitempty" help:"destination port"`
	FIBMatch *attr.Flag       `cbor:"fib_match,omitempty" help:"on to get the route as it stands in its table"`
}

// Check refuses addresses of two families.
func (p *RouteGetParams) Check() error {
	if p.From != nil && p.From.Is4() != p.Dst.Is4() {
		return invalid("from", "want an address of the family of dst")
	}
	return nil
}

func (p *RouteGetParams) encode(at *resolver) *kernel.Request {
	header := &rtnetlink.RouteMessage{
		Family:    familyOf(p.Dst.Addr),
		DstLength: uint8(p.Dst.BitLen()),
		Tos:       uint8(value(p.TOS)),
	}
	if p.Dst.Is4() { // IPv6 tells the table unasked, and refuses the flag
		header.Flags |= unix.RTM_F_LOOKUP_TABLE
	}
	if p.From != nil {
		header.SrcLength = uint8(p.From.BitLen())
	}
	if value(p.FIBMatch) {
		header.Flags |= unix.RTM_F_FIB_MATCH
	}
	r := kernel.NewRequest(unix.RTM_GETROUTE, 0, header)
	r.Addr("dst", unix.RTA_DST, p.Dst.Addr)
	if p.From != nil {
		r.Addr("from", unix.RTA_SRC, p.From.Addr)
	}
	if p.IIF != nil {
		r.Uint32("iif", unix.RTA_IIF, at.link("iif", *p.IIF))
	}
	if p.OIF != nil {
		r.Uint32("oif", unix.RTA_OIF, at.link("oif", *p.OIF))
	}
	if p.Mark != nil {
		r.Uint32("mark", unix.RTA_MARK, uint32(*p.Mark))
	}
	if p.IPProto != nil {
		r.Uint8("ipproto", unix.RTA_IP_PROTO, uint8(*p.IPProto))
	}
	if p.SPort != nil {
		r.Uint16BE("sport", unix.RTA_SPORT, uint16(*p.SPort))
	}
	if p.DPort != nil {
		r.Uint16BE("dport", unix.RTA_DPORT, uint16(*p.DPort))
	}
	return r
}
