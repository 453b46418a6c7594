package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// RouteAdd adds a route.
var RouteAdd = define(Op{
	Name:    "route.add",
	Summary: "add a route",
	Doc: "A route with the same dst, src_prefix, tos, metric and table is an error, whatever it leads to. " +
		"A hop or via without dev is looked up by the kernel; one that it cannot reach is ENETUNREACH. " +
		"(RTM_NEWROUTE with NLM_F_EXCL, rtnetlink(7), ip-route(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p RouteAddParams) (Done, error) {
	_, err := putRoute(t, &p.RouteParams, netlink.Create|netlink.Excl)
	return settle(err, p.IfPresent, unix.EEXIST)
})

// RouteReplace makes a route what it is described to be.
var RouteReplace = define(Op{
	Name:    "route.replace",
	Summary: "change a route, or add it if it is not there",
	Doc: "The route that is replaced is the one with the same dst, src_prefix, tos, metric and table; " +
		"of IPv6 it is the whole set of hops. The kernel tells whether an IPv4 route was already as asked; " +
		"an IPv6 route it always exchanges, and changed is always true. " +
		"(RTM_NEWROUTE with NLM_F_REPLACE, rtnetlink(7), ip-route(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p RouteParams) (Done, error) {
	told, err := putRoute(t, &p, netlink.Create|netlink.Replace|netlink.Echo)
	return Done{Changed: err == nil && told}, err
})

// RouteAppend adds a route behind those with the same key.
var RouteAppend = define(Op{
	Name:    "route.append",
	Summary: "add a route behind those with the same key",
	Doc: "An IPv4 route is used when those before it are gone. An IPv6 route becomes a hop of the one that is there. " +
		"The very same route is an error. (RTM_NEWROUTE with NLM_F_APPEND, rtnetlink(7), ip-route(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p RouteAddParams) (Done, error) {
	_, err := putRoute(t, &p.RouteParams, netlink.Create|netlink.Append)
	return settle(err, p.IfPresent, unix.EEXIST)
})

// putRoute sends the route that p describes. It reports whether the kernel told
// of a change, as it does on NLM_F_ECHO where there is one.
func putRoute(t *kernel.Task, p *RouteParams, flags netlink.HeaderFlags) (told bool, err error) {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return false, err
	}
	at := &resolver{t: t, ns: ns}
	r := encodeRoute(p, at, flags)
	if at.err != nil {
		return false, at.err
	}
	err = ns.Ask(r, func(m netlink.Message) error {
		told = told || m.Header.Type == unix.RTM_NEWROUTE
		return nil
	})
	return told, err
}

// RouteAddParams is what route.add and route.append take.
type RouteAddParams struct {
	RouteParams
	IfPresent *attr.Tolerance `cbor:"if_present,omitempty" help:"ok if a route with the same key that is there already is no error"`
}

// RouteParams is what route.replace takes: a whole route.
type RouteParams struct {
	In
	Dst       attr.Prefix           `cbor:"dst" help:"destination"`
	SrcPrefix *attr.Prefix          `cbor:"src_prefix,omitempty" pinned:"true" help:"sources that the route is for, IPv6 only; without it all"`
	Type      *attr.RouteType       `cbor:"type,omitempty" pinned:"true" help:"what becomes of a packet; without it unicast"`
	Table     *attr.Table           `cbor:"table,omitempty" pinned:"true" help:"routing table; without it main, of every type"`
	Protocol  *attr.RouteProtocol   `cbor:"protocol,omitempty" pinned:"true" help:"who makes the route; without it static, where ip-route(8) says boot"`
	Scope     *attr.Scope           `cbor:"scope,omitempty" pinned:"true" help:"distance to the destination, IPv4 only; without it that of ip-route(8): host for local routes, link for those without via, else global"`
	Metric    *attr.Metric          `cbor:"metric,omitempty" pinned:"true" help:"the lower, the better; without it 0, of IPv6 1024"`
	TOS       *attr.TOS             `cbor:"tos,omitempty" pinned:"true" help:"type of service that the route is for, IPv4 only; without it all"`
	Via       *attr.Addr            `cbor:"via,omitempty" pinned:"true" help:"next router, of either family for IPv4"`
	Dev       *attr.IfName          `cbor:"dev,omitempty" pinned:"true" help:"link to send by; without it the one that leads to via"`
	OnLink    *attr.Flag            `cbor:"onlink,omitempty" help:"on if via is on dev though no address says so"`
	PrefSrc   *attr.Addr            `cbor:"prefsrc,omitempty" help:"source address to prefer"`
	Pref      *attr.RoutePreference `cbor:"pref,omitempty" help:"preference among routers, IPv6 only"`
	Expires   *attr.Seconds         `cbor:"expires,omitempty" pinned:"true" help:"time after which the route goes, IPv6 only; without it never"`
	Realm     *attr.Realm           `cbor:"realm,omitempty" help:"realm, IPv4 only"`
	Metrics   *RouteMetrics         `cbor:"metrics,omitempty"`
	Hops      []Hop                 `cbor:"hop,omitempty"`
}

// A Hop is one of several next hops of a route.
type Hop struct {
	Via    *attr.Addr   `cbor:"via,omitempty" pinned:"true" help:"next router"`
	Dev    *attr.IfName `cbor:"dev,omitempty" pinned:"true" help:"link to send by; without it the one that leads to via"`
	Weight *attr.Weight `cbor:"weight,omitempty" help:"share of the traffic; without it 1"`
	OnLink *attr.Flag   `cbor:"onlink,omitempty" help:"on if via is on dev though no address says so"`
}
