package ops

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"nethelper/internal/kernel"
	"nethelper/pkg/protocol"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"golang.org/x/sys/unix"
)

// TestRouteKey: the message that deletes a route that was listed deletes that
// route and no other, whatever stands beside it.
func TestRouteKey(t *testing.T) {
	ns := newNetns(t)
	ip(t, resemblingRoutes)
	routes := listRoutes(t, ns, &routeFilter{})
	if made := strings.Count(resemblingRoutes, "route "); len(routes) < made {
		t.Fatalf("%d routes were made, %d are listed", made, len(routes))
	}
	for len(routes) > 0 {
		i := rand.N(len(routes))
		if err := ns.Do(encodeRouteKey(&routes[i], 0)); err != nil {
			t.Fatalf("%+v: %v", routes[i], err)
		}
		want := slices.Delete(slices.Clone(routes), i, i+1)
		got := listRoutes(t, ns, &routeFilter{})
		if diff := cmp.Diff(want, got, asValues, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Route{}, "Expires")); diff != "" {
			t.Fatalf("after the deletion of %+v: (-want +got)\n%s", routes[i], diff)
		}
		routes = got
	}
}

// TestRouteDeleteNotices: a route that goes between the list and its deletion
// lets the kernel take another, which is told.
func TestRouteDeleteNotices(t *testing.T) {
	ns := newNetns(t)
	ip(t, `
		route add 10.1.0.0/16 via 10.0.0.2
		route add 10.1.0.0/16 via 10.0.0.2 metric 5`)
	p := paramsOf[RouteDeleteParams](t, RouteDelete.Op, "dst=10.1.0.0/16")
	if err := deleteFoundRoute(ns, p.key()); err != nil {
		t.Fatal(err)
	}
	err := deleteFoundRoute(ns, p.key())
	if err == nil {
		t.Fatal("a route with another metric was deleted, and nothing is said of it")
	}
	if got := errorOf(err).Code; got != protocol.Ambiguous {
		t.Errorf("%v, want the code ambiguous", err)
	}
	if err := deleteFoundRoute(ns, p.key()); !errors.Is(err, unix.ESRCH) {
		t.Errorf("%v, want ESRCH", err)
	}
}

func listRoutes(t *testing.T, ns *kernel.Netns, f *routeFilter) (routes []Route) {
	t.Helper()
	err := f.dump(ns, func(r *Route) error {
		routes = append(routes, *r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return routes
}

const resemblingRoutes = `
	nexthop add id 7 via 10.0.0.2 dev lab0
	route add 10.1.0.0/16 via 10.0.0.2
	route add 10.1.0.0/16 via 10.0.0.2 metric 5
	route add 10.1.0.0/16 via 10.0.0.2 metric 6
	route add 10.1.0.0/16 via 10.0.0.2 tos 0x10
	route append 10.1.0.0/16 via 10.0.0.3
	route append 10.1.0.0/16 via 10.0.0.3 proto static
	route append blackhole 10.1.0.0/16
	route add 10.1.0.0/16 via 10.0.0.2 table 70000
	route add 10.2.0.0/16 nexthop via 10.0.0.2 nexthop via 10.0.1.2 weight 3
	route append 10.2.0.0/16 nexthop via 10.0.0.2 nexthop via 10.0.1.3
	route add 10.3.0.0/16 via inet6 fd00::2 dev lab0
	route add 10.4.0.0/16 nhid 7
	route append 10.4.0.0/16 via 10.0.0.2
	route add 10.5.0.0/16 dev lab0 src 10.0.0.1
	route append 10.5.0.0/16 dev lab0 src 10.0.1.1
	route append 10.5.0.0/16 dev lab1
	route add default via 10.0.0.2
	route add fd01::/64 via fd00::2
	route add fd01::/64 via fd00::2 metric 5
	route add fd01::/64 from fd02::/64 via fd00::2
	route add fd01::/64 via fd00::2 table 70000
	route add fd02::/64 nexthop via fd00::2 nexthop via fd00:1::2 weight 3
	route add fd03::/64 dev lab0
	route append fd03::/64 dev lab1
	route add unreachable fd04::/64
	route add default via fd00::2 expires 600`
