package ops

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// A Route is a route as the kernel has it.
type Route struct {
	Family    attr.Family           `cbor:"family" wide:"true" help:"address family"`
	Dst       attr.Prefix           `cbor:"dst" help:"destination"`
	SrcPrefix *attr.Prefix          `cbor:"src_prefix,omitempty" wide:"true" help:"sources that the route is for"`
	Type      attr.RouteType        `cbor:"type" help:"what becomes of packets"`
	Via       *attr.Addr            `cbor:"via,omitempty" help:"next router"`
	Dev       *attr.IfName          `cbor:"dev,omitempty" help:"link to send by"`
	Index     *attr.Index           `cbor:"ifindex,omitempty" wide:"true" help:"index of that link"`
	Table     attr.Table            `cbor:"table" help:"routing table"`
	Protocol  attr.RouteProtocol    `cbor:"protocol" help:"who made the route"`
	Scope     attr.Scope            `cbor:"scope" help:"distance to the destination"`
	Metric    attr.Metric           `cbor:"metric" help:"the lower, the better"`
	TOS       *attr.TOS             `cbor:"tos,omitempty" wide:"true" help:"type of service that the route is for"`
	PrefSrc   *attr.Addr            `cbor:"prefsrc,omitempty" help:"source address to prefer"`
	Pref      *attr.RoutePreference `cbor:"pref,omitempty" wide:"true" help:"preference among routers"`
	Expires   *attr.Seconds         `cbor:"expires,omitempty" wide:"true" help:"time until the route goes"`
	Realm     *attr.Realm           `cbor:"realm,omitempty" wide:"true" help:"realm"`
	NHID      *attr.Quantity        `cbor:"nhid,omitempty" wide:"true" help:"next hop object that the route uses"`
	Encap     string                `cbor:"encap,omitempty" wide:"true" help:"tunnel that packets are put into"`
	Metrics   *RouteMetrics         `cbor:"metrics,omitempty" wide:"true" help:"what connections over the route start from"`
	Hops      []RouteHop            `cbor:"hop,omitempty" help:"next hops, if there are several"`
	Flags     []string              `cbor:"flags,omitempty" help:"flags, as ip-route(8) prints them"`
}

// A RouteHop is one of several next hops.
type RouteHop struct {
	Via    *attr.Addr   `cbor:"via,omitempty" help:"next router"`
	Dev    *attr.IfName `cbor:"dev,omitempty" help:"link to send by"`
	Index  *attr.Index  `cbor:"ifindex,omitempty" help:"index of that link"`
	Weight attr.Weight  `cbor:"weight" help:"share of the traffic"`
	Encap  string       `cbor:"encap,omitempty" help:"tunnel that packets are put into"`
	Flags  []string     `cbor:"flags,omitempty" help:"flags, as ip-route(8) prints them"`
}

// routeFlags are the words for rtm_flags and, in its lowest byte, rtnh_flags.
var routeFlags = []bitWord{
	{unix.RTNH_F_DEAD, "dead"},
	{unix.RTNH_F_PERVASIVE, "pervasive"},
	{unix.RTNH_F_ONLINK, "onlink"},
	{unix.RTNH_F_OFFLOAD, "offload"},
	{unix.RTNH_F_LINKDOWN, "linkdown"},
	{unix.RTNH_F_UNRESOLVED, "unresolved"},
	{unix.RTNH_F_TRAP, "trap"},
	{unix.RTM_F_NOTIFY, "notify"},
	{unix.RTM_F_CLONED, "cloned"},
	{unix.RTM_F_OFFLOAD, "rt_offload"},
	{unix.RTM_F_TRAP, "rt_trap"},
	{unix.RTM_F_OFFLOAD_FAILED, "rt_offload_failed"},
}

var encapWords = map[uint16]string{
	unix.LWTUNNEL_ENCAP_MPLS:       "mpls",
	unix.LWTUNNEL_ENCAP_IP:         "ip",
	unix.LWTUNNEL_ENCAP_ILA:        "ila",
	unix.LWTUNNEL_ENCAP_IP6:        "ip6",
	unix.LWTUNNEL_ENCAP_SEG6:       "seg6",
	unix.LWTUNNEL_ENCAP_BPF:        "bpf",
	unix.LWTUNNEL_ENCAP_SEG6_LOCAL: "seg6local",
	unix.LWTUNNEL_ENCAP_RPL:        "rpl",
	unix.LWTUNNEL_ENCAP_IOAM6:      "ioam6",
	unix.LWTUNNEL_ENCAP_XFRM:       "xfrm",
}

// decodeRoute reads a message RTM_NEWROUTE or RTM_DELROUTE. Links have an index
// and no name.
func decodeRoute(b []byte) (Route, error) {
	if len(b) < unix.SizeofRtMsg {
		return Route{}, fmt.Errorf("route message of %d bytes", len(b))
	}
	r := Route{
		Family:   attr.Family(b[0]),
		Table:    attr.Table(b[4]),
		Protocol: attr.RouteProtocol(b[5]),
		Scope:    attr.Scope(b[6]),
		Type:     attr.RouteType(b[7]),
		Flags:    bitWords(binary.NativeEndian.Uint32(b[8:]), routeFlags),
	}
	if r.Family != unix.AF_INET && r.Family != unix.AF_INET6 {
		return Route{}, fmt.Errorf("route of family %d", r.Family)
	}
	if b[3] != 0 {
		r.TOS = new(attr.TOS(b[3]))
	}
	dst := unspecified(r.Family == unix.AF_INET)
	src := dst
	ad, err := kernel.NewAttributes(b[unix.SizeofRtMsg:])
	if err != nil {
		return Route{}, err
	}
	for ad.Next() {
		switch ad.Type() {
		case unix.RTA_DST:
			dst = decodeAddr(ad)
		case unix.RTA_SRC:
			src = decodeAddr(ad)
		case unix.RTA_TABLE:
			r.Table = attr.Table(ad.Uint32())
		case unix.RTA_PRIORITY:
			r.Metric = attr.Metric(ad.Uint32())
		case unix.RTA_GATEWAY:
			r.Via = &attr.Addr{Addr: decodeAddr(ad)}
		case unix.RTA_VIA:
			r.Via = &attr.Addr{Addr: decodeRTVia(ad)}
		case unix.RTA_OIF:
			r.Index = indexAt(ad.Uint32())
		case unix.RTA_PREFSRC:
			r.PrefSrc = &attr.Addr{Addr: decodeAddr(ad)}
		case unix.RTA_PREF:
			r.Pref = new(attr.RoutePreference(ad.Uint8()))
		case unix.RTA_FLOW:
			r.Realm = new(attr.Realm(ad.Uint32()))
		case unix.RTA_CACHEINFO:
			ad.Do(r.decodeCacheInfo)
		case rtaNHID:
			r.NHID = new(attr.Quantity(ad.Uint32()))
		case unix.RTA_ENCAP_TYPE:
			r.Encap = encapWord(ad.Uint16())
		case unix.RTA_METRICS:
			r.Metrics = new(RouteMetrics)
			ad.Nested(func(nad *kernel.Attributes) error {
				decodeOptions(nad, routeMetrics, r.Metrics)
				return nil
			})
		case unix.RTA_MULTIPATH:
			ad.Do(r.decodeHops)
		}
	}
	if err := ad.Err(); err != nil {
		return Route{}, fmt.Errorf("route message: %w", err)
	}
	if r.Dst, err = decodePrefix(dst, b[1], r.Family); err != nil {
		return Route{}, err
	}
	if b[2] != 0 && !(src.IsUnspecified() && int(b[2]) == src.BitLen()) { // a look-up without source has ::/128
		from, err := decodePrefix(src, b[2], r.Family)
		if err != nil {
			return Route{}, err
		}
		r.SrcPrefix = &from
	}
	return r, nil
}

// decodeHops reads the array of struct rtnexthop with attributes.
func (r *Route) decodeHops(b []byte) error {
	for len(b) > 0 {
		if len(b) < unix.SizeofRtNexthop {
			return fmt.Errorf("next hop of %d bytes", len(b))
		}
		length := int(binary.NativeEndian.Uint16(b))
		if length < unix.SizeofRtNexthop || length > len(b) {
			return fmt.Errorf("next hop of %d bytes, of which %d are there", length, len(b))
		}
		h := RouteHop{
			Flags:  bitWords(uint32(b[2]), routeFlags),
			Weight: attr.Weight(b[3]) + 1,
			Index:  indexOrNil(binary.NativeEndian.Uint32(b[4:])),
		}
		if err := h.decode(b[unix.SizeofRtNexthop:length]); err != nil {
			return err
		}
		r.Hops = append(r.Hops, h)
		b = b[min(len(b), (length+unix.RTA_ALIGNTO-1)&^(unix.RTA_ALIGNTO-1)):]
	}
	return nil
}

func (h *RouteHop) decode(b []byte) error {
	ad, err := kernel.NewAttributes(b)
	if err != nil {
		return err
	}
	for ad.Next() {
		switch ad.Type() {
		case unix.RTA_GATEWAY:
			h.Via = &attr.Addr{Addr: decodeAddr(ad)}
		case unix.RTA_VIA:
			h.Via = &attr.Addr{Addr: decodeRTVia(ad)}
		case unix.RTA_ENCAP_TYPE:
			h.Encap = encapWord(ad.Uint16())
		}
	}
	return ad.Err()
}

// decodeCacheInfo reads rta_expires of struct rta_cacheinfo.
func (r *Route) decodeCacheInfo(b []byte) error {
	if len(b) < sizeofRTACacheInfo {
		return fmt.Errorf("cache info of %d bytes", len(b))
	}
	if left := int32(binary.NativeEndian.Uint32(b[8:])); left > 0 {
		r.Expires = new(attr.Seconds(left / userHZ))
	}
	return nil
}

// decodeRTVia reads a struct rtvia: a family and an address of it.
func decodeRTVia(ad *kernel.Attributes) (a netip.Addr) {
	ad.Do(func(b []byte) (err error) {
		if len(b) < 2 {
			return fmt.Errorf("via of %d bytes", len(b))
		}
		a, err = addrFrom(b[2:])
		return err
	})
	return a
}

func encapWord(number uint16) string {
	if word, ok := encapWords[number]; ok {
		return word
	}
	return fmt.Sprint(number)
}

// fillRoute sets the names of the links of a route, as far as they are there.
func (n *linkNames) fillRoute(r *Route) {
	r.Dev = n.name(r.Index)
	for i := range r.Hops {
		r.Hops[i].Dev = n.name(r.Hops[i].Index)
	}
}

// hops returns the route's next hops, also if it is one.
func (r *Route) hops() []RouteHop {
	if len(r.Hops) > 0 {
		return r.Hops
	}
	return []RouteHop{{Via: r.Via, Index: r.Index, Weight: 1, Flags: r.Flags}}
}

// anyHop reports whether one of the route's hops, or the only one, holds.
func (r *Route) anyHop(holds func(RouteHop) bool) bool {
	return holds(RouteHop{Via: r.Via, Index: r.Index}) || slices.ContainsFunc(r.Hops, holds)
}
