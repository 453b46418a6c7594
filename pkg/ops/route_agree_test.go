package ops

import (
	"fmt"
	"testing"

	"nethelper/pkg/attr"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/sys/unix"
)

// TestRouteListAgrees compares each field of each route with ip-route(8).
func TestRouteListAgrees(t *testing.T) {
	ns := newNetns(t)
	ip(t, `
		nexthop add id 7 via 10.0.0.2 dev lab0
		route add default via 10.0.0.2
		route add 10.1.0.0/16 via 10.0.0.2 mtu 1400 window 1000 rtt 100ms rttvar 20ms ssthresh 7 cwnd 8 advmss 1360 reordering 4 hoplimit 5 initcwnd 10 features ecn rto_min 300ms initrwnd 9 quickack 1 congctl cubic fastopen_no_cookie 1
		route add 10.2.0.0/16 nexthop via 10.0.0.2 weight 3 nexthop via 10.0.0.3 dev lab0 onlink nexthop via inet6 fd00::2 dev lab0
		route add 10.3.0.0/16 via inet6 fd00::2 dev lab0 proto bird
		route add blackhole 10.4.0.0/16 table 70000
		route add throw 10.4.0.0/16 table 100 proto 77
		route add 10.5.0.0/16 via 10.0.0.2 realms 3/4 tos 0x10 metric 5 scope site
		route add 10.6.0.0/16 nhid 7
		route add 10.7.0.0/16 encap seg6 mode encap segs fd00::5 via inet6 fd00::2 dev lab0
		route add 10.8.0.0/16 dev lab0 src 10.0.0.1
		route add fd01::/64 via fd00::2 expires 600 pref high
		route add fd02::/64 nexthop via fd00::2 weight 3 nexthop via fd00:1::2
		route add unreachable fd04::/64
		route add fd05::/64 from fd06::/64 via fd00::2 mtu 1300
		link set lab1 down`)
	// The other end notices in its own time.
	await(t, "-4 route show 10.8.0.0/16", "linkdown")
	await(t, "-6 route show fd01::/64", "linkdown")
	for _, family := range []attr.Family{unix.AF_INET, unix.AF_INET6} {
		names, got := namesIn(ns), []object{}
		for _, r := range listRoutes(t, ns, &routeFilter{RouteSelection: RouteSelection{Family: &family}}) {
			names.fillRoute(&r)
			got = append(got, ipRoute(&r))
		}
		want := ipList(t, "-family", family.String(), "route", "show", "table", "all")
		for _, r := range want {
			delete(r, "nh_info") // of the next hop object, not the route
			delete(r, "mode")    // of the tunnel
			delete(r, "segs")
		}
		if len(want) < 8 {
			t.Errorf("ip lists %d routes only", len(want))
		}
		if diff := cmp.Diff(want, inJSON(t, got), ticking); diff != "" {
			t.Errorf("%s: (-ip +ours)\n%s", family, diff)
		}
	}
}

// ticking admits that a time has gone by between the one list and the other.
var ticking = cmp.FilterPath(func(p cmp.Path) bool {
	at, ok := p.Index(-2).(cmp.MapIndex)
	return ok && at.Key().String() == "expires"
}, cmpopts.EquateApprox(0, 5))

// ipRoute returns a route in the form of ip-route(8).
func ipRoute(r *Route) object {
	o := object{
		"type": r.Type.String(), "dst": ipPrefix(r.Dst), "table": r.Table.String(), "protocol": r.Protocol.String(),
		"scope": r.Scope.String(), "flags": ipFlags(r.Flags),
	}
	if r.Metric != 0 || r.Family == unix.AF_INET6 {
		o["metric"] = r.Metric
	}
	ipHop(o, r.Family, r.Via, r.Dev)
	if r.SrcPrefix != nil {
		o["from"] = ipPrefix(*r.SrcPrefix)
	}
	if r.TOS != nil {
		o["tos"] = r.TOS.String()
	}
	if r.PrefSrc != nil {
		o["prefsrc"] = r.PrefSrc.String()
	}
	if r.Pref != nil {
		o["pref"] = r.Pref.String()
	}
	if r.Expires != nil {
		o["expires"] = *r.Expires
	}
	if r.Realm != nil {
		o["flow"] = object{"from": fmt.Sprint(*r.Realm >> 16), "to": fmt.Sprint(*r.Realm & 0xffff)}
	}
	if r.NHID != nil {
		o["nhid"] = *r.NHID
	}
	if r.Encap != "" {
		o["encap"] = r.Encap
	}
	if r.Metrics != nil {
		o["metrics"] = []object{ipMetrics(r.Metrics)}
	}
	var hops []object
	for _, h := range r.Hops {
		hop := object{"weight": h.Weight, "flags": ipFlags(h.Flags)}
		ipHop(hop, r.Family, h.Via, h.Dev)
		hops = append(hops, hop)
	}
	if hops != nil {
		o["nexthops"] = hops
	}
	return o
}

func ipHop(o object, family attr.Family, via *attr.Addr, dev *attr.IfName) {
	switch {
	case via == nil:
	case via.Is4() == (family == unix.AF_INET):
		o["gateway"] = via.String()
	default:
		o["via"] = object{"family": "inet6", "host": via.String()}
	}
	if dev != nil {
		o["dev"] = dev.String()
	}
}

func ipMetrics(m *RouteMetrics) object {
	o := object{}
	for name, v := range map[string]*attr.Quantity{
		"window": m.Window, "rtt": m.RTT, "rttvar": m.RTTVar, "rto_min": m.RTOMin, "ssthresh": m.SSThresh,
		"cwnd": m.CWnd, "initcwnd": m.InitCWnd, "initrwnd": m.InitRWnd, "reordering": m.Reordering,
	} {
		if v != nil {
			o[name] = *v
		}
	}
	for name, v := range map[string]*attr.MTU{"mtu": m.MTU, "advmss": m.AdvMSS} {
		if v != nil {
			o[name] = *v
		}
	}
	for name, v := range map[string]*attr.Flag{"quickack": m.QuickAck, "fastopen_no_cookie": m.FastOpenNoCookie} {
		if v != nil {
			o[name] = bit(*v)
		}
	}
	if m.HopLimit != nil {
		o["hoplimit"] = *m.HopLimit
	}
	if value(m.ECN) {
		o["ecn"] = nil
	}
	if m.Congestion != nil {
		o["congestion"] = *m.Congestion
	}
	return o
}

func ipPrefix(p attr.Prefix) string {
	switch {
	case p.Bits() == 0:
		return "default"
	case p.IsSingleIP():
		return p.Addr().String()
	}
	return p.String()
}

func ipFlags(flags []string) []string { return append([]string{}, flags...) }
