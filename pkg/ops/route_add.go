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
	Doc: "A route with the same dst, src_prefix, tos, metric and table is an error, whatever it leads to. Where via or a " +
		"hop has no dev, the kernel looks the link up; a next router that it cannot reach is refused with the errno " +
		"ENETUNREACH. (RTM_NEWROUTE with NLM_F_EXCL, rtnetlink(7), ip-route(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p RouteAddParams) (Done, error) {
	_, err := putRoute(t, &p.RouteParams, netlink.Create|netlink.Excl)
	return settle(err, p.IfPresent, unix.EEXIST)
})

// RouteReplace makes a route what it is described to be.
var RouteReplace = define(Op{
	Name:    "route.replace",
	Summary: "change a route, or add it if it is not there",
	Doc: "The route that is replaced is the one with the same dst, src_prefix, tos, metric and table; in IPv6, with all " +
		"its hops. The kernel tells whether an IPv4 route was as asked already; an IPv6 route it always exchanges, and " +
		"changed is true. (RTM_NEWROUTE with NLM_F_REPLACE, rtnetlink(7), ip-route(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p RouteParams) (Done, error) {
	told, err := putRoute(t, &p, netlink.Create|netlink.Replace|netlink.Echo)
	return Done{Changed: err == nil && told}, err
})

// RouteAppend adds a route behind those with the same key.
var RouteAppend = define(Op{
	Name:    "route.append",
	Summary: "add a route behind those with the same key",
	Doc: "The key is dst, src_prefix, tos, metric and table. An appended IPv4 route is used when those before it are gone; " +
		"in IPv6 it becomes a hop of the route that is there. The very same route is an error. (RTM_NEWROUTE with " +
		"NLM_F_APPEND, rtnetlink(7), ip-route(8))",
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
	IfPresent *attr.Tolerance `cbor:"if_present,omitempty" help:"ok makes it no error if a route with the same key is there already"`
}
