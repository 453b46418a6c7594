package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// RouteAdd adds a route.
var RouteAdd = counted(defineChange(Op{
	Name:    "route.add",
	Summary: "add a route",
	Doc: "A route with the same dst, src_prefix, tos, metric and table is an error, whatever it leads to. Where via or a " +
		"hop has no dev, the kernel looks the link up; a next router that it cannot reach is refused with the errno " +
		"ENETUNREACH. (RTM_NEWROUTE with NLM_F_EXCL, rtnetlink(7), ip-route(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p *RouteAddParams) (*Change, error) {
	return p.put(t, netlink.Create|netlink.Excl, p.settle)
}, nil), listed(RouteList, (*RouteAddParams).beside), nil)

// RouteReplace makes a route what it is described to be.
var RouteReplace = defineChange(Op{
	Name:    "route.replace",
	Summary: "change a route, or add it if it is not there",
	Doc: "The route that is replaced is the one with the same dst, src_prefix, tos, metric and table; in IPv6, with all " +
		"its hops. The kernel tells whether an IPv4 route was as asked already; an IPv6 route it always exchanges, and " +
		"changed is true. (RTM_NEWROUTE with NLM_F_REPLACE, rtnetlink(7), ip-route(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p *RouteParams) (*Change, error) {
	told := false // as the kernel does on NLM_F_ECHO where something changes
	c, err := p.put(t, netlink.Create|netlink.Replace|netlink.Echo, func(err error) (Done, error) {
		return Done{Changed: err == nil && told}, err
	})
	if err != nil {
		return nil, err
	}
	return c.watched(func(m netlink.Message) error {
		told = told || m.Header.Type == unix.RTM_NEWROUTE
		return nil
	}), nil
}, nil)

// RouteAppend adds a route behind those with the same key.
var RouteAppend = counted(defineChange(Op{
	Name:    "route.append",
	Summary: "add a route behind those with the same key",
	Doc: "The key is dst, src_prefix, tos, metric and table. An appended IPv4 route is used when those before it are gone; " +
		"in IPv6 it becomes a hop of the route that is there. The very same route is an error. (RTM_NEWROUTE with " +
		"NLM_F_APPEND, rtnetlink(7), ip-route(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p *RouteAddParams) (*Change, error) {
	return p.put(t, netlink.Create|netlink.Append, p.settle)
}, nil), eachHopBeside, func(_ *kernel.Task, p *RouteAddParams) ([]*Route, error) { return p.otherHops(), nil })

// eachHopBeside gives the routes of the namespace that the route is for, of those whose
// hops have been appended each hop.
func eachHopBeside(t *kernel.Task, p *RouteAddParams, each func(*Route) error) error {
	return listed(RouteList, (*RouteAddParams).beside)(t, p, func(r *Route) error {
		if r.Family != unix.AF_INET6 || len(r.Hops) == 0 {
			return each(r)
		}
		for _, h := range r.Hops {
			one := *r
			one.Via, one.Dev, one.Index, one.Hops = h.Via, h.Dev, h.Index, nil
			if err := each(&one); err != nil {
				return err
			}
		}
		return nil
	})
}

// otherHops are those that an IPv6 route is appended by beside the first.
func (p *RouteAddParams) otherHops() (others []*Route) {
	if p.Dst.Addr().Is4() || len(p.Hops) == 0 {
		return nil
	}
	for _, h := range p.Hops[1:] {
		others = append(others, &Route{
			Family: unix.AF_INET6, Dst: p.Dst, SrcPrefix: p.SrcPrefix, Type: orElse(p.Type, unix.RTN_UNICAST), Via: h.Via, Dev: h.Dev,
			Table: orElse(p.Table, unix.RT_TABLE_MAIN), Protocol: orElse(p.Protocol, unix.RTPROT_STATIC), Scope: orElse(p.Scope, p.defaultScope()),
			Metric: orElse(p.Metric, ipv6DefaultMetric), PrefSrc: p.PrefSrc, Pref: p.Pref, Expires: p.Expires,
		})
	}
	return others
}

// put makes a message RTM_NEWROUTE with the flags.
func (p *RouteParams) put(t *kernel.Task, flags netlink.HeaderFlags, settle func(error) (Done, error)) (*Change, error) {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return nil, err
	}
	at := &resolver{t: t, ns: ns}
	r := encodeRoute(p, at, flags)
	if at.err != nil {
		return nil, at.err
	}
	return changeBy(ns, r, settle), nil
}

// RouteAddParams is what route.add and route.append take.
type RouteAddParams struct {
	RouteParams
	IfPresent *attr.Tolerance `cbor:"if_present,omitempty" help:"ok makes it no error if a route with the same key is there already"`
}

// beside selects the routes of the namespace that the route is for.
func (p *RouteAddParams) beside() RouteListParams { return RouteListParams{In: p.In} }

func (p *RouteAddParams) settle(err error) (Done, error) {
	return settle(err, p.IfPresent, unix.EEXIST)
}
