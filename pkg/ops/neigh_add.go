package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// NeighAdd adds a neighbour.
var NeighAdd = counted(defineChange(Op{
	Name:    "neigh.add",
	Summary: "add an entry to the table of neighbours",
	Doc: "Without a state the entry is permanent; with use or managed it has none, and the kernel finds the link-layer " +
		"address. A proxy entry that is there already is no error. (RTM_NEWNEIGH, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p *NeighAddParams) (*Change, error) {
	return p.NeighOptions.put(t, p.In, p.Dev, p.Dst, netlink.Create|netlink.Excl, func(err error) (Done, error) {
		return settle(keyed(err, "dst", unix.EEXIST), p.IfPresent, unix.EEXIST)
	})
}, nil), listed(NeighList, (*NeighAddParams).beside), nil)

// NeighAddParams is what neigh.add takes.
type NeighAddParams struct {
	In
	Dev attr.IfName `cbor:"dev" help:"link that the neighbour is on"`
	Dst attr.Addr   `cbor:"dst" help:"address of the neighbour"`
	NeighOptions
	IfPresent *attr.Tolerance `cbor:"if_present,omitempty" help:"ok makes it no error if the entry is there already, whatever is in it"`
}

// beside selects the entries of the namespace that are in the state of the new one:
// most others the kernel has learnt by itself.
func (p *NeighAddParams) beside() NeighListParams {
	selected := NeighListParams{In: p.In, Proxy: p.Proxy}
	if state := p.state(); state != unix.NUD_NONE && !bool(value(p.Proxy)) {
		selected.State = &state
	}
	return selected
}

// Check says why the attributes do not fit each other.
func (p *NeighAddParams) Check() error { return p.NeighOptions.check() }

// NeighReplace adds a neighbour or changes it.
var NeighReplace = defineChange(Op{
	Name:    "neigh.replace",
	Summary: "add an entry to the table of neighbours, or change it",
	Doc: "The defaults are those of neigh.add; an entry that is there keeps its link-layer address if none is given. " +
		"changed is always true. (RTM_NEWNEIGH, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p *NeighReplaceParams) (*Change, error) {
	return p.NeighOptions.put(t, p.In, p.Dev, p.Dst, netlink.Create|netlink.Replace, changed)
}, nil)

// NeighReplaceParams is what neigh.replace takes.
type NeighReplaceParams struct {
	In
	Dev attr.IfName `cbor:"dev" help:"link that the neighbour is on"`
	Dst attr.Addr   `cbor:"dst" help:"address of the neighbour"`
	NeighOptions
}

// Check says why the attributes do not fit each other.
func (p *NeighReplaceParams) Check() error { return p.NeighOptions.check() }

// put makes a message RTM_NEWNEIGH with the flags.
func (o *NeighOptions) put(
	t *kernel.Task, in In, dev attr.IfName, dst attr.Addr, flags netlink.HeaderFlags, settle func(error) (Done, error),
) (*Change, error) {
	ns, index, err := in.link(t, dev)
	if err != nil {
		return nil, err
	}
	if o.LLAddr != nil {
		l, err := readLink(ns, index, false)
		if err != nil {
			return nil, err
		}
		if err := l.checkLLAddr("lladdr", o.LLAddr); err != nil {
			return nil, err
		}
	}
	return changeBy(ns, encodeNewNeigh(flags, index, dst, o), settle), nil
}
