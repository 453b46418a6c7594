package main

import (
	"errors"
	"net/netip"

	"nethelper/pkg/attr"
	"nethelper/pkg/ops"
)

// destinations is how many routes an operation takes in turn. Whenever it comes to
// one again, it takes the other link: a replace that changes nothing is cheaper.
const destinations = 256

var ports = [2]attr.IfName{"qr-0", "qr-1"}

// route is the i-th route of a caller that has destinations of its own.
func route(netns attr.NetNS, caller, i int) *ops.RouteParams {
	p := routeTo(netns, uint32(1+caller)<<8+uint32(i%destinations))
	p.Dev = &ports[i/destinations%2]
	return p
}

// routeTo is the route to a host of 10.0.0.0/8 by its number.
func routeTo(netns attr.NetNS, host uint32) *ops.RouteParams {
	table := attr.Table(254)
	return &ops.RouteParams{
		In:    ops.In{NetNS: &netns},
		Dst:   attr.Prefix{Prefix: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(host >> 16), byte(host >> 8), byte(host)}), 32)},
		Table: &table,
		Dev:   &ports[0],
	}
}

// errUnchanged is for an operation that measured nothing.
var errUnchanged = errors.New("a route was as asked already")

// changed is the outcome of a route.replace that has to have changed something.
func changed(done ops.Done, err error) error {
	if err == nil && !done.Changed {
		return errUnchanged
	}
	return err
}
