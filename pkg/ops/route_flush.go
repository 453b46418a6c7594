package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// RouteFlush deletes the routes of a table that it picks.
var RouteFlush = define(Op{
	Name:    "route.flush",
	Summary: "delete the routes of a table that fit the selectors",
	Doc: "Without selectors all routes of the table are deleted, those of the kernel too. A route that cannot be deleted " +
		"does not keep the others; the error tells how many are gone. (RTM_DELROUTE, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p RouteFlushParams) (Flushed, error) {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return Flushed{}, err
	}
	f, err := p.RouteSelection.in(ns, p.Table)
	if err != nil {
		return Flushed{}, err
	}
	return flush(ns, unix.ESRCH, func() (batch []*kernel.Request, err error) {
		err = f.dump(ns, func(r *Route) error {
			if len(batch) < flushBatch {
				batch = append(batch, encodeRouteKey(r, 0))
			}
			return nil
		})
		return batch, err
	})
})

// RouteFlushParams is what route.flush takes.
type RouteFlushParams struct {
	In
	Table attr.Table `cbor:"table" help:"table to delete from"`
	RouteSelection
}
