package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// FDBDelete deletes a forwarding entry.
var FDBDelete = defineChange(Op{
	Name:    "fdb.delete",
	Summary: "delete an entry, or one destination of it, from a forwarding table",
	Doc: "If the entry of a vxlan link has several destinations, the one that is given goes, or the whole entry if none is " +
		"given. If the entry does not have the destination, nothing goes, and the kernel reports no error. Without self " +
		"and master the table is that of the link itself. (RTM_DELNEIGH, bridge(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p *FDBDeleteParams) (*Change, error) {
	ns, index, via, err := p.FDBKey.resolve(t)
	if err != nil {
		return nil, err
	}
	return changeBy(ns, p.FDBKey.encodeDel(index, via), func(err error) (Done, error) {
		return settle(keyed(err, "lladdr", unix.ENOENT), p.IfAbsent, unix.ENOENT)
	}), nil
}, nil)

// FDBDeleteParams is what fdb.delete takes.
type FDBDeleteParams struct {
	FDBKey
	IfAbsent *attr.Tolerance `cbor:"if_absent,omitempty" help:"ok makes it no error if the entry is not there"`
}

// Check says why the attributes do not fit each other.
func (p *FDBDeleteParams) Check() error { return p.FDBKey.check(new(FDBOptions)) }
