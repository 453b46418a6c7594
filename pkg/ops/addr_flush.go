package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// AddrFlush deletes the addresses of a link that it picks.
var AddrFlush = define(Op{
	Name:    "addr.flush",
	Summary: "delete the addresses of a link that fit the selectors",
	Doc: "Without selectors all addresses of the link are deleted. A primary IPv4 address takes the secondary ones of its " +
		"prefix along, even those that do not fit, unless the link promotes them (promote_secondaries). An address that " +
		"cannot be deleted does not keep the others; the error tells how many are gone. (RTM_DELADDR, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p AddrFlushParams) (Flushed, error) {
	ns, index, err := p.link(t, p.Dev)
	if err != nil {
		return Flushed{}, err
	}
	return flush(ns, unix.EADDRNOTAVAIL, func() (batch []*kernel.Request, err error) {
		err = p.AddrSelection.dump(ns, index, func(a Addr) error {
			if len(batch) < flushBatch {
				batch = append(batch, encodeAddrKey(unix.RTM_DELADDR, 0, index, a.Address, a.Peer, 0))
			}
			return nil
		})
		return batch, err
	})
})

// AddrFlushParams is what addr.flush takes. All that is given must fit.
type AddrFlushParams struct {
	In
	Dev attr.IfName `cbor:"dev" help:"link to delete from"`
	AddrSelection
}
