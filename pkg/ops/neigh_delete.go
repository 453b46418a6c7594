package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// NeighDelete deletes a neighbour.
var NeighDelete = defineChange(Op{
	Name:    "neigh.delete",
	Summary: "delete an entry from the table of neighbours",
	Doc:     "(RTM_DELNEIGH, rtnetlink(7))",
	Caps:    []Cap{NetAdmin},
}, func(t *kernel.Task, p *NeighDeleteParams) (*Change, error) {
	ns, index, err := p.link(t, p.Dev)
	if err != nil {
		return nil, err
	}
	return changeBy(ns, encodeDelNeigh(index, p.Dst, bool(value(p.Proxy))), func(err error) (Done, error) {
		return settle(keyed(err, "dst", unix.ENOENT), p.IfAbsent, unix.ENOENT)
	}), nil
}, nil)

// NeighDeleteParams is what neigh.delete takes.
type NeighDeleteParams struct {
	In
	Dev      attr.IfName     `cbor:"dev" help:"link that the neighbour is on"`
	Dst      attr.Addr       `cbor:"dst" help:"address of the neighbour"`
	Proxy    *attr.Flag      `cbor:"proxy,omitempty" pinned:"true" help:"on for a proxy entry; without it an entry of a neighbour"`
	IfAbsent *attr.Tolerance `cbor:"if_absent,omitempty" help:"ok makes it no error if the entry is not there"`
}
