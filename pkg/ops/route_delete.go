package ops

import (
	"errors"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// RouteDelete deletes one route.
var RouteDelete = defineChange(Op{
	Name:    "route.delete",
	Summary: "delete the route that has a key",
	Doc: "The key is dst, src_prefix, tos, metric and table; a metric that is left out is 0, for IPv6 1024, and never any " +
		"metric. Of several routes with one key, as route.append makes them, the first that fits the other attributes " +
		"goes. The kernel takes a metric of 0 for any, and compares via, dev, hops and the type of an IPv6 route in part " +
		"or not at all: where they matter, the table is listed first, at a cost that grows with it, and if the kernel " +
		"would take another route the error is ambiguous. (RTM_DELROUTE, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p *RouteDeleteParams) (*Change, error) {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return nil, err
	}
	return changeBy(ns, encodeRouteKey(p.key(), 0), p.settle), nil
}, func(t *kernel.Task, p *RouteDeleteParams) (Done, error) {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return Done{}, err
	}
	return p.settle(p.deleteFound(ns))
})

func (p *RouteDeleteParams) settle(err error) (Done, error) {
	if errors.Is(err, unix.ESRCH) {
		err = errNoRoute
	}
	return settle(err, p.IfAbsent, unix.ESRCH)
}

// alone is true of what is looked for among the routes that are there.
func (p *RouteDeleteParams) alone() bool { return !p.plain() }

// errNoRoute says that no route is there as described.
var errNoRoute = &kernel.Error{Errno: unix.ESRCH, Attr: "dst", Message: "no such route"}

// RouteDeleteParams is what route.delete takes.
type RouteDeleteParams struct {
	In
	Dst       attr.Prefix         `cbor:"dst" help:"destination"`
	SrcPrefix *attr.Prefix        `cbor:"src_prefix,omitempty" pinned:"true" help:"sources that the route is for, IPv6 only; without it all"`
	Table     *attr.Table         `cbor:"table,omitempty" pinned:"true" help:"routing table; without it main"`
	Metric    *attr.Metric        `cbor:"metric,omitempty" pinned:"true" help:"metric; without it 0, for IPv6 1024"`
	TOS       *attr.TOS           `cbor:"tos,omitempty" pinned:"true" help:"type of service, IPv4 only; without it 0"`
	Type      *attr.RouteType     `cbor:"type,omitempty" pinned:"true" help:"type; without it any"`
	Protocol  *attr.RouteProtocol `cbor:"protocol,omitempty" pinned:"true" help:"who made the route; without it anybody"`
	Scope     *attr.Scope         `cbor:"scope,omitempty" pinned:"true" help:"scope, without effect for IPv6; without it any"`
	Via       *attr.Addr          `cbor:"via,omitempty" pinned:"true" help:"next router; without it any"`
	Dev       *attr.IfName        `cbor:"dev,omitempty" pinned:"true" help:"link; without it any"`
	Hops      []Hop               `cbor:"hop,omitempty"`
	IfAbsent  *attr.Tolerance     `cbor:"if_absent,omitempty" help:"ok makes it no error if the route is not there"`
}

// Check refuses what no route has.
func (p *RouteDeleteParams) Check() error {
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
