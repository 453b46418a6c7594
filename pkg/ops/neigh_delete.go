package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"golang.org/x/sys/unix"
)

// NeighDelete deletes a neighbour.
var NeighDelete = define(Op{
	Name:    "neigh.delete",
	Summary: "delete an entry from the table of neighbours",
	Doc:     "(RTM_DELNEIGH, rtnetlink(7))",
	Caps:    []Cap{NetAdmin},
}, func(t *kernel.Task, p NeighDeleteParams) (Done, error) {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return Done{}, err
	}
	index, err := ns.Index("dev", p.Dev)
	if err != nil {
		return Done{}, err
	}
	err = keyed(ns.Do(encodeDelNeigh(index, p.Dst, bool(value(p.Proxy)))), "dst", unix.ENOENT)
	return settle(err, p.IfAbsent, unix.ENOENT)
})

// NeighDeleteParams is what neigh.delete takes.
type NeighDeleteParams struct {
	In
	Dev      attr.IfName     `cbor:"dev" help:"link to the neighbour"`
	Dst      attr.Addr       `cbor:"dst" help:"address of the neighbour"`
	Proxy    *attr.Flag      `cbor:"proxy,omitempty" pinned:"true" help:"on for a proxy entry"`
	IfAbsent *attr.Tolerance `cbor:"if_absent,omitempty" help:"ok if an entry that is not there is no error"`
}

func encodeDelNeigh(index uint32, dst attr.Addr, proxy bool) *kernel.Request {
	return encodeNeighKey(unix.RTM_DELNEIGH, 0, index, dst, &rtnetlink.NeighMessage{Flags: proxyFlag(proxy)})
}

func proxyFlag(proxy bool) uint8 {
	if proxy {
		return unix.NTF_PROXY
	}
	return 0
}
