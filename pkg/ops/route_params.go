package ops

import (
	"fmt"

	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// RouteParams is what route.replace takes: a whole route.
type RouteParams struct {
	In
	Dst       attr.Prefix           `cbor:"dst" help:"destination"`
	SrcPrefix *attr.Prefix          `cbor:"src_prefix,omitempty" pinned:"true" help:"sources that the route is for, IPv6 only; without it all"`
	Type      *attr.RouteType       `cbor:"type,omitempty" pinned:"true" help:"what becomes of packets; without it unicast"`
	Table     *attr.Table           `cbor:"table,omitempty" pinned:"true" help:"routing table; without it main, also for types that ip-route(8) puts into local"`
	Protocol  *attr.RouteProtocol   `cbor:"protocol,omitempty" pinned:"true" help:"who made the route; without it static, where ip-route(8) says boot"`
	Scope     *attr.Scope           `cbor:"scope,omitempty" pinned:"true" help:"distance to the destination, IPv4 only; without it that of ip-route(8): host for local routes, link for those without via, else global"`
	Metric    *attr.Metric          `cbor:"metric,omitempty" pinned:"true" help:"the lower, the better; without it 0, for IPv6 1024"`
	TOS       *attr.TOS             `cbor:"tos,omitempty" pinned:"true" help:"type of service that the route is for, IPv4 only; without it all"`
	Via       *attr.Addr            `cbor:"via,omitempty" pinned:"true" help:"next router; that of an IPv4 route may have an IPv6 address"`
	Dev       *attr.IfName          `cbor:"dev,omitempty" pinned:"true" help:"link to send by; without it the one that via is reached by"`
	OnLink    *attr.Flag            `cbor:"onlink,omitempty" help:"on to take via as reachable on dev even if no prefix on dev has it in it"`
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
	Dev    *attr.IfName `cbor:"dev,omitempty" pinned:"true" help:"link to send by; without it the one that via is reached by"`
	Weight *attr.Weight `cbor:"weight,omitempty" help:"share of the traffic; without it 1"`
	OnLink *attr.Flag   `cbor:"onlink,omitempty" help:"on to take via as reachable on dev even if no prefix on dev has it in it"`
}

// Check refuses what the kernel would ignore or take for something else.
func (p *RouteParams) Check() error {
	is4 := p.Dst.Addr().Is4()
	if err := checkKey(p.Dst, p.SrcPrefix, p.TOS); err != nil {
		return err
	}
	if !is4 && p.Metric != nil && *p.Metric == 0 {
		return invalid("metric", "want 1 or more for IPv6; without the attribute it is 1024")
	}
	if p.PrefSrc != nil && p.PrefSrc.Is4() != is4 {
		return invalid("prefsrc", "want an address of the family of dst")
	}
	foreign := []presence{has("realm", p.Realm)}
	if is4 {
		foreign = []presence{has("pref", p.Pref), has("expires", p.Expires)}
	}
	if err := refuse("the family of dst has no such attribute", foreign...); err != nil {
		return err
	}
	if p.Metrics != nil {
		if err := p.Metrics.check(); err != nil {
			return err
		}
	}
	if err := checkVia("via", p.Via, is4); err != nil {
		return err
	}
	single := p.Via != nil || p.Dev != nil || p.OnLink != nil
	if !is4 && (single || len(p.Hops) > 0) && leadsNowhere(value(p.Type)) {
		return invalid("type", "a route of this type leads nowhere: want no via, dev, onlink or hops")
	}
	return checkHops(p.Hops, is4, single)
}

// leadsNowhere reports whether packets go nowhere by routes of the type. The kernel
// refuses a next hop of such an IPv4 route, and passes over that of an IPv6 one.
func leadsNowhere(t attr.RouteType) bool {
	switch t {
	case unix.RTN_BLACKHOLE, unix.RTN_UNREACHABLE, unix.RTN_PROHIBIT, unix.RTN_THROW:
		return true
	}
	return false
}

// checkKey checks what names a route to dst.
func checkKey(dst attr.Prefix, src *attr.Prefix, tos *attr.TOS) error {
	is4 := dst.Addr().Is4()
	if src != nil && (is4 || src.Addr().Is4()) {
		return invalid("src_prefix", "want IPv6 prefixes here and in dst")
	}
	if tos != nil && !is4 {
		return invalid("tos", "want an IPv4 dst")
	}
	return nil
}

// checkVia checks a next router: that of an IPv4 route may have an IPv6 address
// (RFC 5549), but not the other way round.
func checkVia(name string, via *attr.Addr, is4 bool) error {
	if via != nil && via.Is4() && !is4 {
		return invalid(name, "want an IPv6 address, as in dst")
	}
	return nil
}

// maxHops bounds the hops of a route. The kernel's bound is the size of a netlink
// attribute, 64 KiB.
const maxHops = 256

// checkHops checks the hops of a route; single says that it has a hop beside them.
func checkHops(hops []Hop, is4, single bool) error {
	if len(hops) > maxHops {
		return invalid("hop", fmt.Sprintf("want at most %d", maxHops))
	}
	if len(hops) > 0 && single {
		return invalid("hop", "want either hops, or via, dev and onlink")
	}
	for i, h := range hops {
		name := hopName(i)
		if h.Via == nil && h.Dev == nil {
			return invalid(name, "want via, dev or both")
		}
		if err := checkVia(name+".via", h.Via, is4); err != nil {
			return err
		}
	}
	return nil
}

// hopName is the name of the hop with index i in a request.
func hopName(i int) string { return fmt.Sprintf("hop.%d", i+1) }

// prefixOrNil returns what a prefix says beyond "everything".
func prefixOrNil(p *attr.Prefix) *attr.Prefix {
	if p == nil || p.Bits() == 0 {
		return nil
	}
	return p
}
