package ops

import (
	"errors"
	"slices"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// RouteDelete deletes one route.
var RouteDelete = define(Op{
	Name:    "route.delete",
	Summary: "delete the route with a key",
	Doc: "The key is dst, src_prefix, tos, metric and table; a metric left out is 0, or 1024 of IPv6, and never any. " +
		"Of several routes with the same key, appended ones, the first that fits goes. " +
		"The kernel takes a metric of 0 for any, and compares via, dev, hops and the type of an IPv6 route in part or not at all: " +
		"where they matter the table is listed first, at a cost that grows with it, and if the kernel would take another " +
		"route the error is ambiguous. (RTM_DELROUTE, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p RouteDeleteParams) (Done, error) {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return Done{}, err
	}
	if p.plain() {
		err = ns.Do(encodeRouteKey(p.key(), 0))
	} else {
		err = p.deleteFound(ns)
	}
	if errors.Is(err, unix.ESRCH) {
		err = errNoRoute
	}
	return settle(err, p.IfAbsent, unix.ESRCH)
})

// errNoRoute says that no route is there as described.
var errNoRoute = &kernel.Error{Errno: unix.ESRCH, Attr: "dst", Message: "no such route"}

// RouteDeleteParams is what route.delete takes.
type RouteDeleteParams struct {
	In
	Dst       attr.Prefix         `cbor:"dst" help:"destination"`
	SrcPrefix *attr.Prefix        `cbor:"src_prefix,omitempty" pinned:"true" help:"sources that the route is for, IPv6 only; without it all"`
	Table     *attr.Table         `cbor:"table,omitempty" pinned:"true" help:"routing table; without it main"`
	Metric    *attr.Metric        `cbor:"metric,omitempty" pinned:"true" help:"metric; without it 0, of IPv6 1024"`
	TOS       *attr.TOS           `cbor:"tos,omitempty" pinned:"true" help:"type of service, IPv4 only; without it 0"`
	Type      *attr.RouteType     `cbor:"type,omitempty" pinned:"true" help:"type; without it any"`
	Protocol  *attr.RouteProtocol `cbor:"protocol,omitempty" pinned:"true" help:"who made the route; without it anybody"`
	Scope     *attr.Scope         `cbor:"scope,omitempty" pinned:"true" help:"scope, of no effect on IPv6; without it any"`
	Via       *attr.Addr          `cbor:"via,omitempty" pinned:"true" help:"next router; without it any"`
	Dev       *attr.IfName        `cbor:"dev,omitempty" pinned:"true" help:"link; without it any"`
	Hops      []Hop               `cbor:"hop,omitempty"`
	IfAbsent  *attr.Tolerance     `cbor:"if_absent,omitempty" help:"ok if a route that is not there is no error"`
}

// Check refuses what no route has.
func (p RouteDeleteParams) Check() error {
	is4 := p.Dst.Addr().Is4()
	if err := checkKey(p.Dst, p.SrcPrefix, p.TOS); err != nil {
		return err
	}
	if err := checkVia("via", p.Via, is4); err != nil {
		return err
	}
	return checkHops(p.Hops, is4, p.Via != nil || p.Dev != nil)
}

// plain reports whether the kernel compares all that p says of the route, and
// takes nothing in it for "any".
func (p *RouteDeleteParams) plain() bool {
	return p.metric() != 0 && p.Via == nil && p.Dev == nil && len(p.Hops) == 0 &&
		(p.Type == nil || p.Dst.Addr().Is4()) &&
		(p.Protocol == nil || *p.Protocol != unix.RTPROT_UNSPEC) &&
		(p.Scope == nil || *p.Scope != unix.RT_SCOPE_NOWHERE)
}

func (p *RouteDeleteParams) metric() attr.Metric {
	if p.Dst.Addr().Is4() {
		return value(p.Metric)
	}
	return orElse(p.Metric, ipv6DefaultMetric)
}

func (p *RouteDeleteParams) table() attr.Table { return orElse(p.Table, unix.RT_TABLE_MAIN) }

// key returns what p says of the route, without its hops.
func (p *RouteDeleteParams) key() *Route {
	return &Route{
		Family:    attr.Family(familyOf(p.Dst.Addr())),
		Dst:       p.Dst,
		SrcPrefix: prefixOrNil(p.SrcPrefix),
		Table:     p.table(),
		Metric:    p.metric(),
		TOS:       p.TOS,
		Type:      value(p.Type),
		Protocol:  value(p.Protocol),
		Scope:     orElse(p.Scope, unix.RT_SCOPE_NOWHERE),
	}
}

// deleteFound looks for the route, makes sure that the kernel will take no
// other, and deletes it.
func (p *RouteDeleteParams) deleteFound(ns *kernel.Netns) error {
	want, err := p.hops(ns)
	if err != nil {
		return err
	}
	var found *Route
	var before []RouteHop // first hops of those that only have the key
	err = p.filter(want).dump(ns, func(r Route) error {
		switch {
		case found != nil || !p.names(&r):
		case p.fits(&r, want):
			found = &r
		default:
			before = append(before, r.hops()[0])
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case found == nil:
		return errNoRoute
	case slices.ContainsFunc(before, found.hops()[0].same):
		return ambiguous("a route with the same key and first hop stands before it")
	}
	return deleteFoundRoute(ns, found)
}

// filter picks the routes among which the kernel would choose.
func (p *RouteDeleteParams) filter(want []wantedHop) *routeFilter {
	family := attr.Family(familyOf(p.Dst.Addr()))
	f := &routeFilter{table: p.table(), RouteSelection: RouteSelection{Family: &family}}
	if family == unix.AF_INET {
		f.Type = p.Type
	}
	if value(p.Protocol) != unix.RTPROT_UNSPEC {
		f.Protocol = p.Protocol
	}
	if len(want) > 0 {
		f.index = want[0].index
	}
	return f
}

// deleteFoundRoute deletes a route that is there. The kernel takes a metric of 0 for
// any; should the route have gone by now, it tells which other one it took.
func deleteFoundRoute(ns *kernel.Netns, found *Route) error {
	var taken *Route
	err := ns.Ask(encodeRouteKey(found, netlink.Echo), func(m netlink.Message) error {
		r, err := decodeRoute(m.Data)
		taken = &r
		return err
	})
	if err == nil && taken != nil && taken.Metric != found.Metric {
		return ambiguous("the routes changed meanwhile, and one with metric " + taken.Metric.String() + " was deleted")
	}
	return err
}

// names reports whether r has the key that p has.
func (p *RouteDeleteParams) names(r *Route) bool {
	return r.Dst == p.Dst && value(r.SrcPrefix) == value(prefixOrNil(p.SrcPrefix)) &&
		value(r.TOS) == value(p.TOS) && r.Metric == p.metric()
}

// fits reports whether r is as p says beyond its key.
func (p *RouteDeleteParams) fits(r *Route, want []wantedHop) bool {
	if p.Type != nil && r.Type != *p.Type ||
		p.Protocol != nil && r.Protocol != *p.Protocol ||
		p.Scope != nil && r.Scope != *p.Scope && r.Family == unix.AF_INET {
		return false
	}
	if want == nil {
		return true
	}
	return slices.EqualFunc(want, r.hops(), func(w wantedHop, h RouteHop) bool { return w.fits(&h) })
}

// A wantedHop is a hop with its link resolved.
type wantedHop struct {
	Hop
	index attr.Index
}

// hops resolves the links of the hops, or of the only one, that p speaks of. It
// returns nil if it speaks of none.
func (p *RouteDeleteParams) hops(ns *kernel.Netns) ([]wantedHop, error) {
	if p.Via == nil && p.Dev == nil && len(p.Hops) == 0 {
		return nil, nil
	}
	if len(p.Hops) == 0 {
		h, err := resolveHop(ns, "dev", Hop{Via: p.Via, Dev: p.Dev})
		return []wantedHop{h}, err
	}
	hops := make([]wantedHop, len(p.Hops))
	for i, h := range p.Hops {
		var err error
		if hops[i], err = resolveHop(ns, hopName(i)+".dev", h); err != nil {
			return nil, err
		}
	}
	return hops, nil
}

func resolveHop(ns *kernel.Netns, name string, h Hop) (wantedHop, error) {
	w := wantedHop{Hop: h}
	if h.Dev == nil {
		return w, nil
	}
	index, err := ns.Index(name, *h.Dev)
	w.index = attr.Index(index)
	return w, err
}

// fits reports whether h is as w says; what w does not say is any.
func (w *wantedHop) fits(h *RouteHop) bool {
	return (w.Via == nil || h.Via != nil && *h.Via == *w.Via) &&
		(w.Dev == nil || h.Index != nil && *h.Index == w.index) &&
		(w.Weight == nil || h.Weight == *w.Weight) &&
		(w.OnLink == nil || slices.Contains(h.Flags, "onlink") == bool(*w.OnLink))
}

// hops returns the route's next hops, also if it is one.
func (r *Route) hops() []RouteHop {
	if len(r.Hops) > 0 {
		return r.Hops
	}
	return []RouteHop{{Via: r.Via, Index: r.Index, Weight: 1, Flags: r.Flags}}
}

// same reports whether the kernel takes one hop for the other.
func (h RouteHop) same(other RouteHop) bool {
	return value(h.Via) == value(other.Via) && value(h.Index) == value(other.Index)
}
