package ops

import (
	"errors"
	"slices"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// RouteList lists routes.
var RouteList = defineList(Op{
	Name:    "route.list",
	Summary: "list routes",
	Doc: "A table that does not exist is empty. What the kernel learnt of single destinations is not listed. " +
		"(RTM_GETROUTE, rtnetlink(7))",
}, func(t *kernel.Task, p RouteListParams, emit func(Route) error) error {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return err
	}
	f, err := p.RouteSelection.in(ns, value(p.Table))
	if err != nil {
		return err
	}
	names := namesIn(ns)
	return f.dump(ns, func(r Route) error {
		names.fill(&r)
		return emit(r)
	})
})

// RouteListParams is what route.list takes. All that is given must fit.
type RouteListParams struct {
	In
	Table *attr.Table `cbor:"table,omitempty" pinned:"true" help:"routes of this table; without it all"`
	RouteSelection
}

// A RouteSelection picks routes of a table.
type RouteSelection struct {
	Family   *attr.Family        `cbor:"family,omitempty" pinned:"true" help:"routes of this family; without it both"`
	Dev      *attr.IfName        `cbor:"dev,omitempty" pinned:"true" help:"routes with this link, also in one of several hops"`
	Via      *attr.Addr          `cbor:"via,omitempty" pinned:"true" help:"routes with this next router, also in one of several hops"`
	Type     *attr.RouteType     `cbor:"type,omitempty" pinned:"true" help:"routes of this type"`
	Protocol *attr.RouteProtocol `cbor:"protocol,omitempty" pinned:"true" help:"routes made by this protocol"`
	Scope    *attr.Scope         `cbor:"scope,omitempty" pinned:"true" help:"routes of this scope"`
}

// in resolves the link of the selection. A table of 0 is any.
func (s RouteSelection) in(ns *kernel.Netns, table attr.Table) (*routeFilter, error) {
	f := &routeFilter{RouteSelection: s, table: table}
	if s.Dev != nil {
		index, err := ns.Index("dev", *s.Dev)
		if err != nil {
			return nil, err
		}
		f.index = attr.Index(index)
	}
	return f, nil
}

// A routeFilter is a selection of routes in one namespace. Zero values are any.
type routeFilter struct {
	RouteSelection
	table attr.Table
	index attr.Index
}

// dump gives the routes that the filter admits to visit, IPv4 first.
func (f *routeFilter) dump(ns *kernel.Netns, visit func(Route) error) error {
	for _, family := range []attr.Family{unix.AF_INET, unix.AF_INET6} {
		if f.Family != nil && *f.Family != family {
			continue
		}
		err := ns.Dump(f.encode(family), func(m netlink.Message) error {
			r, err := decodeRoute(m.Data)
			if err != nil {
				return err
			}
			if !f.admits(&r) {
				return nil
			}
			return visit(r)
		})
		if f.table != 0 && errors.Is(err, unix.ENOENT) {
			continue // there is no such table
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// encode makes a dump request with all the filters that the kernel knows.
func (f *routeFilter) encode(family attr.Family) *kernel.Request {
	r := kernel.NewRequest(unix.RTM_GETROUTE, 0, &rtnetlink.RouteMessage{
		Family:   uint8(family),
		Protocol: uint8(value(f.Protocol)),
		Type:     uint8(value(f.Type)),
	})
	if f.table != 0 {
		r.Uint32("table", unix.RTA_TABLE, uint32(f.table))
	}
	if f.index != 0 {
		r.Uint32("dev", unix.RTA_OIF, uint32(f.index))
	}
	return r
}

// admits applies the whole filter: a kernel may know less of it than it is sent.
func (f *routeFilter) admits(r *Route) bool {
	return (f.table == 0 || r.Table == f.table) &&
		(f.Type == nil || r.Type == *f.Type) &&
		(f.Protocol == nil || r.Protocol == *f.Protocol) &&
		(f.Scope == nil || r.Scope == *f.Scope) &&
		(f.index == 0 || r.anyHop(func(h RouteHop) bool { return value(h.Index) == f.index })) &&
		(f.Via == nil || r.anyHop(func(h RouteHop) bool { return value(h.Via) == *f.Via }))
}

// anyHop reports whether one of the route's hops, or the only one, holds.
func (r *Route) anyHop(holds func(RouteHop) bool) bool {
	return holds(RouteHop{Via: r.Via, Index: r.Index}) || slices.ContainsFunc(r.Hops, holds)
}
