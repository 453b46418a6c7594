package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// NeighAdd adds a neighbour.
var NeighAdd = define(Op{
	Name:    "neigh.add",
	Summary: "add an entry to the table of neighbours",
	Doc: "Without a state the entry is permanent; with use or managed it has none, and the kernel finds the link-layer " +
		"address. A proxy entry that is there already is no error. (RTM_NEWNEIGH, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p NeighAddParams) (Done, error) {
	err := p.NeighOptions.write(t, p.In, p.Dev, p.Dst, netlink.Create|netlink.Excl)
	return settle(keyed(err, "dst", unix.EEXIST), p.IfPresent, unix.EEXIST)
})

// NeighAddParams is what neigh.add takes.
type NeighAddParams struct {
	In
	Dev attr.IfName `cbor:"dev" help:"link that the neighbour is on"`
	Dst attr.Addr   `cbor:"dst" help:"address of the neighbour"`
	NeighOptions
	IfPresent *attr.Tolerance `cbor:"if_present,omitempty" help:"ok makes it no error if the entry is there already, whatever is in it"`
}

// Check says why the attributes do not fit each other.
func (p *NeighAddParams) Check() error { return p.NeighOptions.check() }

// NeighReplace adds a neighbour or changes it.
var NeighReplace = define(Op{
	Name:    "neigh.replace",
	Summary: "add an entry to the table of neighbours, or change it",
	Doc: "The defaults are those of neigh.add; an entry that is there keeps its link-layer address if none is given. " +
		"changed is always true. (RTM_NEWNEIGH, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p NeighReplaceParams) (Done, error) {
	err := p.NeighOptions.write(t, p.In, p.Dev, p.Dst, netlink.Create|netlink.Replace)
	return Done{Changed: err == nil}, err
})

// NeighReplaceParams is what neigh.replace takes.
type NeighReplaceParams struct {
	In
	Dev attr.IfName `cbor:"dev" help:"link that the neighbour is on"`
	Dst attr.Addr   `cbor:"dst" help:"address of the neighbour"`
	NeighOptions
}

// Check says why the attributes do not fit each other.
func (p *NeighReplaceParams) Check() error { return p.NeighOptions.check() }

// write sends a message RTM_NEWNEIGH with the flags.
func (o *NeighOptions) write(t *kernel.Task, in In, dev attr.IfName, dst attr.Addr, flags netlink.HeaderFlags) error {
	ns, index, err := in.link(t, dev)
	if err != nil {
		return err
	}
	if o.LLAddr != nil {
		l, err := readLink(ns, index, false)
		if err != nil {
			return err
		}
		if err := l.checkLLAddr("lladdr", o.LLAddr); err != nil {
			return err
		}
	}
	return ns.Do(encodeNewNeigh(flags, index, dst, o))
}
