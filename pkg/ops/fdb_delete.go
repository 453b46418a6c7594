package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// FDBDelete deletes a forwarding entry.
var FDBDelete = define(Op{
	Name:    "fdb.delete",
	Summary: "delete an entry, or one destination of it, from a forwarding table",
	Doc: "Of an entry of a vxlan link with several destinations the one goes that is given, or all. The kernel does not " +
		"tell that an entry lacks a destination: nothing goes then, and no error says so. Without self and master the table " +
		"is that of the link itself. (RTM_DELNEIGH, bridge(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p FDBDeleteParams) (Done, error) {
	ns, index, via, err := p.FDBKey.resolve(t)
	if err != nil {
		return Done{}, err
	}
	err = keyed(ns.Do(p.FDBKey.encodeDel(index, via)), "lladdr", unix.ENOENT)
	return settle(err, p.IfAbsent, unix.ENOENT)
})

// FDBDeleteParams is what fdb.delete takes.
type FDBDeleteParams struct {
	FDBKey
	IfAbsent *attr.Tolerance `cbor:"if_absent,omitempty" help:"ok if an entry that is not there is no error"`
}

// Check says why the attributes do not fit each other.
func (p *FDBDeleteParams) Check() error { return p.FDBKey.check(new(FDBOptions)) }

// encodeDel makes a message that deletes the entry. Links without a table of their
// own want to hear that it is permanent.
func (k *FDBKey) encodeDel(index, via uint32) *kernel.Request {
	return k.encode(unix.RTM_DELNEIGH, 0, unix.NUD_NOARP|unix.NUD_PERMANENT, 0, index, via)
}
