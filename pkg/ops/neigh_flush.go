package ops

import (
	"slices"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// NeighFlush deletes the neighbours of a link that it picks.
var NeighFlush = define(Op{
	Name:    "neigh.flush",
	Summary: "delete the neighbours of a link that fit the selectors",
	Doc: "Entries in state permanent or noarp stay, unless state asks for them. Proxy entries stay. An entry that cannot " +
		"be deleted does not keep the others; the error tells how many are gone. (RTM_DELNEIGH, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p NeighFlushParams) (Flushed, error) {
	ns, index, err := p.link(t, p.Dev)
	if err != nil {
		return Flushed{}, err
	}
	return flush(ns, unix.ENOENT, func() (batch []*kernel.Request, err error) {
		err = p.NeighSelection.dump(ns, index, false, func(n Neigh) error {
			if len(batch) < flushBatch && (p.State != nil || !n.lasting()) {
				batch = append(batch, encodeDelNeigh(index, n.Dst, false))
			}
			return nil
		})
		return batch, err
	})
})

// NeighFlushParams is what neigh.flush takes. All that is given must fit.
type NeighFlushParams struct {
	In
	Dev attr.IfName `cbor:"dev" help:"link to delete from"`
	NeighSelection
}

// lasting reports whether somebody put the entry there to stay.
func (n *Neigh) lasting() bool {
	return slices.Contains(n.State, "permanent") || slices.Contains(n.State, "noarp")
}
