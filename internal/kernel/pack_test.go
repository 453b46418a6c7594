package kernel

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// newRoute makes a request for a route by lo, or by a link that is not there.
func newRoute(dst netip.Addr, index uint32) *Request {
	r := NewRequest(unix.RTM_NEWROUTE, netlink.Create|netlink.Excl|netlink.Echo, &rtnetlink.RouteMessage{
		Family: unix.AF_INET, DstLength: 32, Table: unix.RT_TABLE_MAIN,
		Protocol: unix.RTPROT_STATIC, Scope: unix.RT_SCOPE_LINK, Type: unix.RTN_UNICAST,
	})
	r.Addr("dst", unix.RTA_DST, dst)
	r.Uint32("dev", unix.RTA_OIF, index)
	return r
}

// Messages that share datagrams are carried out in order, each for itself: the
// answers are those that each would get alone.
func TestCarry(t *testing.T) {
	n := own(t, newTask(t))
	if err := n.Do(setLo(true)); err != nil {
		t.Fatal(err)
	}
	const count = 3*MaxPack + 7
	var pack []*Exchange
	told := make([]int, count)
	want := func(i int) error {
		switch {
		case i%10 == 3:
			return unix.ENODEV
		case i%10 == 7:
			return unix.EEXIST
		}
		return nil
	}
	for i := range count {
		dst, index := i, uint32(1)
		switch want(i) {
		case unix.ENODEV:
			index = 99
		case unix.EEXIST:
			dst = i - 1
		}
		pack = append(pack, &Exchange{
			Request: newRoute(netip.AddrFrom4([4]byte{10, 1, byte(dst >> 8), byte(dst)}), index),
			Visit: func(m netlink.Message) error {
				if m.Header.Type == unix.RTM_NEWROUTE {
					told[i]++
				}
				return nil
			},
		})
	}
	n.Carry(pack)
	added := 0
	for i, e := range pack {
		if !errors.Is(e.Err, want(i)) || want(i) == nil && e.Err != nil {
			t.Errorf("message %d: %v, want %v", i, e.Err, want(i))
		}
		if e.Err == nil {
			added++
		}
		if (told[i] == 1) != (e.Err == nil) {
			t.Errorf("message %d: told of %d changes, with error %v", i, told[i], e.Err)
		}
	}
	if routes := run(t, "ip route show"); strings.Count(routes, "\n") != added {
		t.Errorf("%d routes, want %d", strings.Count(routes, "\n"), added)
	}
	if err := n.Do(setLo(true)); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// Where answers are lost, what is not known to have failed is unknown, and nothing
// that was left behind is taken for the answer to something else.
func TestCarryLost(t *testing.T) {
	task := newTask(t)
	n := own(t, task)
	if err := errors.Join(n.Do(setLo(true)), unix.SetsockoptInt(int(n.conn.socket), unix.SOL_SOCKET, unix.SO_RCVBUF, 1)); err != nil {
		t.Fatal(err)
	}
	var pack []*Exchange
	for i := range MaxPack {
		pack = append(pack, &Exchange{Request: newRoute(netip.AddrFrom4([4]byte{10, 1, 0, byte(i)}), 99)})
	}
	n.Carry(pack)
	failed, unknown := 0, 0
	for i, e := range pack {
		switch {
		case errors.Is(e.Err, ErrUnknown):
			unknown++
		case errors.Is(e.Err, unix.ENODEV):
			failed++
		default:
			t.Errorf("message %d: %v", i, e.Err)
		}
	}
	if failed+unknown != MaxPack || unknown == 0 {
		t.Errorf("%d failed and %d unknown of %d", failed, unknown, MaxPack)
	}
	again := own(t, task)
	if err := again.Do(newRoute(netip.MustParseAddr("10.1.1.1"), 1)); err != nil {
		t.Errorf("afterwards: %v", err)
	}
	if routes := run(t, "ip route show"); !strings.Contains(routes, "10.1.1.1") {
		t.Error(fmt.Sprintln("the route is missing:", routes))
	}
}
