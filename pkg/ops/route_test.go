package ops

import (
	"net/netip"
	"testing"

	"nethelper/pkg/attr"

	"github.com/google/go-cmp/cmp"
	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// TestDecodeRoute reads what a script cannot show, or ip-route(8) does not tell.
func TestDecodeRoute(t *testing.T) {
	for _, test := range []struct {
		name   string
		header []byte
		fill   func(*netlink.AttributeEncoder)
		want   Route
	}{
		{
			"a default route has no address, a metric of 0 no attribute",
			[]byte{unix.AF_INET, 0, 0, 0, 254, 4, 0, 1, 0, 0, 0, 0},
			func(ae *netlink.AttributeEncoder) {
				ae.Uint32(unix.RTA_TABLE, 254)
				ae.Bytes(unix.RTA_GATEWAY, []byte{10, 0, 0, 1})
				ae.Uint32(unix.RTA_OIF, 3)
			},
			Route{Family: unix.AF_INET, Dst: prefix("0.0.0.0/0"), Type: 1, Table: 254, Protocol: 4, Via: addr("10.0.0.1"), Index: new(attr.Index(3))},
		},
		{
			"a route through a tunnel and a next hop object is not taken for a plain one",
			[]byte{unix.AF_INET, 8, 0, 0, 252, 4, 0, 1, 0, 0, 0, 0},
			func(ae *netlink.AttributeEncoder) {
				ae.Uint32(unix.RTA_TABLE, 70000)
				ae.Bytes(unix.RTA_DST, []byte{10, 0, 0, 0})
				ae.Uint32(rtaNHID, 7)
				ae.Uint16(unix.RTA_ENCAP_TYPE, unix.LWTUNNEL_ENCAP_SEG6)
				ae.Bytes(unix.RTA_ENCAP, []byte{1, 2, 3})
			},
			Route{Family: unix.AF_INET, Dst: prefix("10.0.0.0/8"), Type: 1, Table: 70000, Protocol: 4, NHID: new(attr.Quantity(7)), Encap: "seg6"},
		},
		{
			"flags, and attributes that are not known",
			[]byte{unix.AF_INET6, 64, 0, 0, 254, 9, 0, 1, unix.RTNH_F_LINKDOWN | unix.RTNH_F_DEAD, 0x42, 0, 1},
			func(ae *netlink.AttributeEncoder) {
				ae.Bytes(unix.RTA_DST, netip.MustParseAddr("fd01::").AsSlice())
				ae.Bytes(1000, []byte{1})
				ae.Uint32(unix.RTA_PRIORITY, 1024)
				ae.Uint16(unix.RTA_ENCAP_TYPE, 99)
			},
			Route{
				Family: unix.AF_INET6, Dst: prefix("fd01::/64"), Type: 1, Table: 254, Protocol: 9, Metric: 1024, Encap: "99",
				Flags: []string{"dead", "linkdown", "cloned", "rt_offload", "0x1000000"},
			},
		},
		{
			"hops by way of either family",
			[]byte{unix.AF_INET, 8, 0, 0, 254, 4, 0, 1, 0, 0, 0, 0},
			func(ae *netlink.AttributeEncoder) {
				ae.Bytes(unix.RTA_DST, []byte{10, 0, 0, 0})
				ae.Bytes(unix.RTA_MULTIPATH, append(
					message(t, []byte{32, 0, unix.RTNH_F_ONLINK, 255, 3, 0, 0, 0}, func(ae *netlink.AttributeEncoder) {
						ae.Bytes(unix.RTA_VIA, append([]byte{unix.AF_INET6, 0}, netip.MustParseAddr("fd00::2").AsSlice()...))
					}),
					message(t, []byte{16, 0, 0, 0, 0, 0, 0, 0}, func(ae *netlink.AttributeEncoder) {
						ae.Bytes(unix.RTA_GATEWAY, []byte{10, 0, 0, 2})
					})...,
				))
			},
			Route{
				Family: unix.AF_INET, Dst: prefix("10.0.0.0/8"), Type: 1, Table: 254, Protocol: 4,
				Hops: []RouteHop{
					{Via: addr("fd00::2"), Index: new(attr.Index(3)), Weight: 256, Flags: []string{"onlink"}},
					{Via: addr("10.0.0.2"), Weight: 1},
				},
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := decodeRoute(message(t, test.header, test.fill))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, asValues); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// asValues compares addresses and prefixes as values.
var asValues = cmp.Options{
	cmp.Comparer(func(a, b attr.Addr) bool { return a == b }),
	cmp.Comparer(func(a, b attr.Prefix) bool { return a == b }),
}

// TestDecodeRouteRefuses: what the kernel never sends is an error, not a panic
// and not half a route.
func TestDecodeRouteRefuses(t *testing.T) {
	header := func(family, length byte) []byte { return []byte{family, length, 0, 0, 254, 4, 0, 1, 0, 0, 0, 0} }
	bytes := func(typ uint16, b ...byte) func(*netlink.AttributeEncoder) {
		return func(ae *netlink.AttributeEncoder) { ae.Bytes(typ, b) }
	}
	for name, b := range map[string][]byte{
		"short header":              header(unix.AF_INET, 0)[:11],
		"another family":            header(unix.AF_UNIX, 0),
		"prefix too long":           header(unix.AF_INET, 33),
		"address of another family": message(t, header(unix.AF_INET6, 8), bytes(unix.RTA_DST, 10, 0, 0, 0)),
		"address of 3 bytes":        message(t, header(unix.AF_INET, 8), bytes(unix.RTA_DST, 10, 0, 0)),
		"via of 1 byte":             message(t, header(unix.AF_INET, 0), bytes(unix.RTA_VIA, 2)),
		"metric of 2 bytes":         message(t, header(unix.AF_INET, 0), bytes(unix.RTA_PRIORITY, 1, 0)),
		"cache info of 8 bytes":     message(t, header(unix.AF_INET, 0), bytes(unix.RTA_CACHEINFO, 0, 0, 0, 0, 0, 0, 0, 0)),
		"hop of 4 bytes":            message(t, header(unix.AF_INET, 0), bytes(unix.RTA_MULTIPATH, 4, 0, 0, 0)),
		"hop longer than the array": message(t, header(unix.AF_INET, 0), bytes(unix.RTA_MULTIPATH, 12, 0, 0, 0, 1, 0, 0, 0)),
		"hop of length 0":           message(t, header(unix.AF_INET, 0), bytes(unix.RTA_MULTIPATH, 0, 0, 0, 0, 1, 0, 0, 0)),
		"metrics of 3 bytes":        message(t, header(unix.AF_INET, 0), bytes(unix.RTA_METRICS, 1, 2, 3)),
		"trailing byte":             append(header(unix.AF_INET, 0), 1),
	} {
		if r, err := decodeRoute(b); err == nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// FuzzDecodeRoute: no message makes the decoder panic; another implementation agrees on
// what both can read; and the message that deletes the route names the same route.
func FuzzDecodeRoute(f *testing.F) {
	f.Add([]byte{unix.AF_INET, 0, 0, 0, 254, 4, 0, 1, 0, 0, 0, 0})
	for _, words := range []string{
		"dst=10.3.0.0/16 via=fd00::2 realm=1 metric=5 tos=0x10 metrics.rtt=100 metrics.mtu=1400 metrics.congestion=cubic",
		"dst=fd01::/64 src_prefix=fd06::/32 hop.1.via=fd00::2 hop.2.via=fd00::3 hop.2.weight=9 table=70000",
		"dst=10.1.0.0/16 hop.1.via=fd00::2 hop.2.via=10.0.0.2",
	} {
		f.Add(encodeRoute(paramsOf[RouteParams](f, RouteReplace.Op, words), nil, 0).Body())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := decodeRoute(b)
		if err != nil {
			return
		}
		var theirs rtnetlink.RouteMessage
		if err := theirs.UnmarshalBinary(b); err == nil {
			// It reads no RTA_TABLE of 0, and keeps the hops of one RTA_MULTIPATH only.
			if theirs.Attributes.Priority != uint32(r.Metric) || theirs.DstLength != uint8(r.Dst.Bits()) {
				t.Errorf("%x: %+v, theirs is %+v", b, r, theirs)
			}
		}
		if len(r.Hops) > 1000 {
			return // a request has fewer, and cannot overflow an attribute
		}
		again, err := decodeRoute(encodeRouteKey(&r, 0).Body())
		if err != nil {
			t.Fatalf("%x: %+v: %v", b, r, err)
		}
		if diff := cmp.Diff(keyOf(r), keyOf(again), asValues); diff != "" {
			t.Errorf("%x: (-read +deleted)\n%s", b, diff)
		}
	})
}

// keyOf returns what a deletion says of a route.
func keyOf(r Route) Route {
	key := Route{
		Family: r.Family, Dst: r.Dst, SrcPrefix: r.SrcPrefix, Type: r.Type, Table: r.Table,
		Protocol: r.Protocol, Scope: r.Scope, Metric: r.Metric, TOS: r.TOS, PrefSrc: r.PrefSrc, NHID: r.NHID,
	}
	if r.NHID != nil {
		return key
	}
	if len(r.Hops) == 0 {
		key.Via, key.Index = r.Via, r.Index
	}
	for _, h := range r.Hops {
		key.Hops = append(key.Hops, RouteHop{Via: h.Via, Index: h.Index, Weight: h.Weight})
	}
	return key
}
