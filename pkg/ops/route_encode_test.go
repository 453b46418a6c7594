package ops

import (
	"encoding/hex"
	"net"
	"net/netip"
	"strings"
	"testing"

	"nethelper/pkg/attr"

	"github.com/google/go-cmp/cmp"
	"github.com/jsimonetti/rtnetlink/v2"
	"golang.org/x/sys/unix"
)

// TestEncodeRoute has another implementation of the protocol read what is sent,
// as far as that one knows the attributes.
func TestEncodeRoute(t *testing.T) {
	for words, want := range map[string]rtnetlink.RouteMessage{
		"dst=10.1.0.0/16 via=10.0.0.2 metric=7 tos=0x10 prefsrc=10.0.0.1": {
			Family: unix.AF_INET, DstLength: 16, Tos: 0x10, Table: 254, Protocol: unix.RTPROT_STATIC, Type: unix.RTN_UNICAST,
			Attributes: rtnetlink.RouteAttributes{
				Dst: net.IP{10, 1, 0, 0}, Gateway: net.IP{10, 0, 0, 2}, Src: net.IP{10, 0, 0, 1}, Priority: 7, Table: 254,
			},
		},
		"dst=default via=10.0.0.2 onlink=on table=70000 protocol=bird scope=site metrics.mtu=1400 metrics.advmss=1360 metrics.ecn=on metrics.initcwnd=10 metrics.initrwnd=9": {
			Family: unix.AF_INET, Table: unix.RT_TABLE_COMPAT, Protocol: unix.RTPROT_BIRD, Scope: 200, Type: unix.RTN_UNICAST, Flags: unix.RTNH_F_ONLINK,
			Attributes: rtnetlink.RouteAttributes{
				Dst: net.IP{0, 0, 0, 0}, Gateway: net.IP{10, 0, 0, 2}, Table: 70000,
				Metrics: &rtnetlink.RouteMetrics{MTU: 1400, AdvMSS: 1360, Features: unix.RTAX_FEATURE_ECN, InitCwnd: 10, InitRwnd: 9},
			},
		},
		"dst=fd01::/64 src_prefix=fd06::/32 via=fd00::2 pref=low expires=60": {
			Family: unix.AF_INET6, DstLength: 64, SrcLength: 32, Table: 254, Protocol: unix.RTPROT_STATIC, Type: unix.RTN_UNICAST,
			Attributes: rtnetlink.RouteAttributes{
				Dst: net.ParseIP("fd01::"), Gateway: net.ParseIP("fd00::2"), Table: 254, Pref: new(uint8(3)), Expires: new(uint32(60)),
			},
		},
		"dst=10.1.0.0/16 hop.1.via=10.0.0.2 hop.1.weight=256 hop.2.via=10.0.0.3 hop.2.onlink=on": {
			Family: unix.AF_INET, DstLength: 16, Table: 254, Protocol: unix.RTPROT_STATIC, Type: unix.RTN_UNICAST,
			Attributes: rtnetlink.RouteAttributes{
				Dst: net.IP{10, 1, 0, 0}, Table: 254,
				Multipath: []rtnetlink.NextHop{
					{Hop: rtnetlink.RTNextHop{Length: 16, Hops: 255}, Gateway: net.IP{10, 0, 0, 2}},
					{Hop: rtnetlink.RTNextHop{Length: 16, Flags: unix.RTNH_F_ONLINK}, Gateway: net.IP{10, 0, 0, 3}},
				},
			},
		},
		"dst=10.1.0.0/16 type=prohibit": {
			Family: unix.AF_INET, DstLength: 16, Table: 254, Protocol: unix.RTPROT_STATIC, Type: unix.RTN_PROHIBIT,
			Attributes: rtnetlink.RouteAttributes{Dst: net.IP{10, 1, 0, 0}, Table: 254},
		},
	} {
		p := paramsOf[RouteParams](t, RouteReplace.Op, words)
		var got rtnetlink.RouteMessage
		if err := got.UnmarshalBinary(encodeRoute(p, nil, 0).Body()); err != nil {
			t.Errorf("%s: %v", words, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", words, diff)
		}
	}
}

// TestDefaultScope: the scope of ip-route(8).
func TestDefaultScope(t *testing.T) {
	for words, want := range map[string]attr.Scope{
		"dst=10.0.0.0/8 dev=lab0":                          unix.RT_SCOPE_LINK,
		"dst=10.0.0.0/8 dev=lab0 via=10.0.0.1":             unix.RT_SCOPE_UNIVERSE,
		"dst=10.0.0.0/8 hop.1.dev=lab0 hop.2.dev=lab1":     unix.RT_SCOPE_UNIVERSE,
		"dst=10.0.0.1/32 dev=lab0 type=local":              unix.RT_SCOPE_HOST,
		"dst=10.0.0.255/32 dev=lab0 type=broadcast":        unix.RT_SCOPE_LINK,
		"dst=10.0.0.0/8 type=blackhole":                    unix.RT_SCOPE_UNIVERSE,
		"dst=fd00::/8 dev=lab0":                            unix.RT_SCOPE_UNIVERSE,
		"dst=fd00::1/128 dev=lab0 type=local table=local":  unix.RT_SCOPE_UNIVERSE,
		"dst=224.0.0.0/4 dev=lab0 type=multicast metric=5": unix.RT_SCOPE_LINK,
	} {
		if got := paramsOf[RouteParams](t, RouteReplace.Op, words).defaultScope(); got != want {
			t.Errorf("%s: %s, want %s", words, got, want)
		}
	}
}

// TestRouteBytes checks bytes by hand where no other implementation reads them:
// rtnetlink(7), struct rtvia, the units of the kernel's estimates.
func TestRouteBytes(t *testing.T) {
	for words, want := range map[string]string{
		"dst=10.3.0.0/16 via=fd00::2 realm=196612 metrics.rtt=100 metrics.rttvar=20 metrics.mtu=1400 metrics.mtu_lock=on metrics.congestion=cubic": "" +
			"02 10 00 00 fe 04 00 01 00000000" +
			"0800 0100 0a030000" + // RTA_DST
			"0800 0f00 fe000000" + // RTA_TABLE
			"1600 1200 0a00 fd000000000000000000000000000002 0000" + // RTA_VIA
			"0800 0b00 04000300" + // RTA_FLOW
			"3000 0880" + // RTA_METRICS
			"0800 0100 04000000" + // RTAX_LOCK: 1 << RTAX_MTU
			"0800 0200 78050000" + // RTAX_MTU
			"0800 0400 20030000" + // RTAX_RTT: 800
			"0800 0500 50000000" + // RTAX_RTTVAR: 80
			"0a00 1000 637562696300 0000", // RTAX_CC_ALGO
		"dst=10.3.0.0/16 hop.1.via=fd00::2 hop.2.via=10.0.0.2 hop.2.weight=3": "" +
			"02 10 00 00 fe 04 00 01 00000000" +
			"0800 0100 0a030000" +
			"0800 0f00 fe000000" +
			"3400 0900" + // RTA_MULTIPATH
			"2000 00 00 00000000" + "1600 1200 0a00 fd000000000000000000000000000002 0000" +
			"1000 00 02 00000000" + "0800 0500 0a000002",
	} {
		p := paramsOf[RouteParams](t, RouteReplace.Op, words)
		got := hex.EncodeToString(encodeRoute(p, nil, 0).Body())
		if want := strings.ReplaceAll(want, " ", ""); got != want {
			t.Errorf("%s:\n got %s\nwant %s", words, got, want)
		}
	}
}

// TestEncodeRouteKey: a deletion says the metric, the table and, where it has
// none to say, that the scope may be any.
func TestEncodeRouteKey(t *testing.T) {
	for words, want := range map[string]string{
		"dst=10.1.0.0/16 metric=7 tos=0x10": "" +
			"02 10 00 10 fe 00 ff 00 00000000" + "0800 0100 0a010000" + "0800 0f00 fe000000" + "0800 0600 07000000",
		"dst=fd01::/64 table=70000 protocol=static": "" +
			"0a 40 00 00 fc 04 ff 00 00000000" + "1400 0100 fd010000000000000000000000000000" +
			"0800 0f00 70110100" + "0800 0600 00040000",
	} {
		p := paramsOf[RouteDeleteParams](t, RouteDelete.Op, words)
		if !p.plain() {
			t.Errorf("%s is not left to the kernel", words)
		}
		got := hex.EncodeToString(encodeRouteKey(p.key(), 0).Body())
		if want := strings.ReplaceAll(want, " ", ""); got != want {
			t.Errorf("%s:\n got %s\nwant %s", words, got, want)
		}
	}
}

// TestPlainDelete: what the kernel would not compare, or would take for any, is
// looked up first.
func TestPlainDelete(t *testing.T) {
	for _, words := range []string{
		"dst=10.1.0.0/16",
		"dst=10.1.0.0/16 metric=0",
		"dst=10.1.0.0/16 metric=1 via=10.0.0.2",
		"dst=10.1.0.0/16 metric=1 dev=lab0",
		"dst=10.1.0.0/16 metric=1 hop.1.via=10.0.0.2",
		"dst=10.1.0.0/16 metric=1 protocol=unspec",
		"dst=10.1.0.0/16 metric=1 scope=nowhere",
		"dst=fd01::/64 metric=0",
		"dst=fd01::/64 type=unicast",
		"dst=fd01::/64 via=fd00::2",
	} {
		if paramsOf[RouteDeleteParams](t, RouteDelete.Op, words).plain() {
			t.Errorf("%s is left to the kernel", words)
		}
	}
}

// TestRouteRefuses: what the kernel ignores, or cannot say, is refused.
func TestRouteRefuses(t *testing.T) {
	for _, test := range []struct {
		op    *Op
		words string
		attr  string
	}{
		{RouteReplace.Op, "dst=10.0.0.0/8 src_prefix=fd00::/8", "src_prefix"},
		{RouteReplace.Op, "dst=fd00::/8 src_prefix=10.0.0.0/8", "src_prefix"},
		{RouteReplace.Op, "dst=10.0.0.0/8 src_prefix=10.0.0.0/8", "src_prefix"},
		{RouteReplace.Op, "dst=fd00::/8 via=10.0.0.1", "via"},
		{RouteReplace.Op, "dst=fd00::/8 hop.1.via=fd00::1 hop.2.via=10.0.0.1", "hop.2.via"},
		{RouteReplace.Op, "dst=fd00::/8 prefsrc=10.0.0.1", "prefsrc"},
		{RouteReplace.Op, "dst=10.0.0.0/8 prefsrc=fd00::1", "prefsrc"},
		{RouteReplace.Op, "dst=fd00::/8 metric=0", "metric"},
		{RouteReplace.Op, "dst=fd00::/8 tos=0x10", "tos"},
		{RouteReplace.Op, "dst=fd00::/8 realm=1", "realm"},
		{RouteReplace.Op, "dst=10.0.0.0/8 pref=low", "pref"},
		{RouteReplace.Op, "dst=10.0.0.0/8 expires=1", "expires"},
		{RouteReplace.Op, "dst=10.0.0.0/8 via=10.0.0.1 hop.1.via=10.0.0.1", "hop"},
		{RouteReplace.Op, "dst=10.0.0.0/8 dev=lab0 hop.1.via=10.0.0.1", "hop"},
		{RouteReplace.Op, "dst=10.0.0.0/8 onlink=on hop.1.via=10.0.0.1", "hop"},
		{RouteReplace.Op, "dst=10.0.0.0/8 hop.1.weight=1", "hop.1"},
		{RouteReplace.Op, "dst=10.0.0.0/8 metrics.mtu_lock=on", "metrics.mtu_lock"},
		{RouteReplace.Op, "dst=10.0.0.0/8 metrics.rtt=536870912", "metrics.rtt"},
		{RouteReplace.Op, "dst=10.0.0.0/8 metrics.rttvar=1073741824", "metrics.rttvar"},
		{RouteAdd.Op, "dst=fd00::/8 via=10.0.0.1", "via"},
		{RouteDelete.Op, "dst=fd00::/8 via=10.0.0.1", "via"},
		{RouteDelete.Op, "dst=fd00::/8 tos=0x10", "tos"},
		{RouteDelete.Op, "dst=10.0.0.0/8 dev=lab0 hop.1.via=10.0.0.1", "hop"},
		{RouteGet.Op, "dst=10.0.0.1 from=fd00::1", "from"},
	} {
		refuses(t, test.op, test.words, test.attr)
	}

	empty := &RouteParams{Dst: attr.Prefix{Prefix: netip.MustParsePrefix("10.0.0.0/8")}, Metrics: &RouteMetrics{}}
	if err := RouteReplace.Check(empty); err == nil {
		t.Error("a group of metrics without one is accepted")
	}
	many := &RouteParams{Dst: attr.Prefix{Prefix: netip.MustParsePrefix("10.0.0.0/8")}, Hops: make([]Hop, maxHops+1)}
	if err := RouteReplace.Check(many); err == nil {
		t.Error("more hops than fit into an attribute are accepted")
	}
}
