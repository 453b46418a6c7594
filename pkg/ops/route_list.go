package ops

import (
	"errors"

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
	Doc: "A route is listed if it fits all selectors that are given. A table that does not exist is empty. What the kernel " +
		"has learnt of single destinations, such as a path MTU, is not listed. (RTM_GETROUTE, rtnetlink(7))",
}, func(t *kernel.Task, p RouteListParams, emit func(*Route) error) error {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return err
	}
	f, err := p.RouteSelection.in(ns, value(p.Table))
	if err != nil {
		return err
	}
	names := namesIn(ns)
	return f.dump(ns, func(r *Route) error {
		names.fillRoute(r)
		return emit(r)
	})
})

// RouteListParams is what route.list takes. All that is given must fit.
type RouteListParams struct {
	In
	Table *attr.Table `cbor:"table,omitempty" pinned:"true" help:"routes of this table; without it of all"`
	RouteSelection
}

// A RouteSelection picks routes of a table.
type RouteSelection struct {
	Family   *attr.Family        `cbor:"family,omitempty" pinned:"true" help:"routes of this family; without it of both"`
	Dev      *attr.IfName        `cbor:"dev,omitempty" pinned:"true" help:"routes that use this link, be it in one of several hops"`
	Via      *attr.Addr          `cbor:"via,omitempty" pinned:"true" help:"routes that use this next router, be it in one of several hops"`
	Type     *attr.RouteType     `cbor:"type,omitempty" pinned:"true" help:"routes of this type"`
	Protocol *attr.RouteProtocol `cbor:"protocol,omitempty" pinned:"true" help:"routes made by this protocol"`
	Scope    *attr.Scope         `cbor:"scope,omitempty" pinned:"true" help:"routes of this scope"`
}

// in resolves the link of the selection. A table of 0 is any.
func (s RouteSelection) in(ns *kernel.Netns, table attr.Table) (*routeFilter, error) {
	index, err := indexOrZero(ns, "dev", s.Dev)
	return &routeFilter{RouteSelection: s, table: table, index: attr.Index(index)}, err
}

// A routeFilter is a selection of routes in one namespace. Zero values are any.
type routeFilter struct {
	RouteSelection
	table attr.Table
	index attr.Index
}

// dump gives the routes that the filter admits to visit, IPv4 first. Visit may not
// keep a route: the next one is in its place.
func (f *routeFilter) dump(ns *kernel.Netns, visit func(*Route) error) error {
	var r Route
	for _, family := range families(f.Family) {
		err := ns.Dump(f.encode(family), func(m netlink.Message) error {
			var err error
			if r, err = decodeRoute(m.Data); err != nil {
				return err
			}
			if !f.admits(&r) {
				return nil
			}
			return visit(&r)
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
