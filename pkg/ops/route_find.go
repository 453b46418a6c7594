package ops

import (
	"slices"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// deleteFound looks for the route, makes sure that the kernel will take no
// other, and deletes it.
func (p *RouteDeleteParams) deleteFound(ns *kernel.Netns) error {
	want, err := p.hops(ns)
	if err != nil {
		return err
	}
	var found *Route
	var before []RouteHop // first hops of those that only have the key
	err = p.filter(want).dump(ns, func(r *Route) error {
		switch {
		case found != nil || !p.names(r):
		case p.fits(r, want):
			found = new(*r)
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
	index, err := indexOrZero(ns, name, h.Dev)
	return wantedHop{Hop: h, index: attr.Index(index)}, err
}

// fits reports whether h is as w says; what w does not say is any.
func (w *wantedHop) fits(h *RouteHop) bool {
	return (w.Via == nil || h.Via != nil && *h.Via == *w.Via) &&
		(w.Dev == nil || h.Index != nil && *h.Index == w.index) &&
		(w.Weight == nil || h.Weight == *w.Weight) &&
		(w.OnLink == nil || slices.Contains(h.Flags, "onlink") == bool(*w.OnLink))
}

// same reports whether the kernel takes one hop for the other.
func (h RouteHop) same(other RouteHop) bool {
	return value(h.Via) == value(other.Via) && value(h.Index) == value(other.Index)
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
