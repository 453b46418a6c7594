package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// NeighAdd adds a neighbour.
var NeighAdd = define(Op{
	Name:    "neigh.add",
	Summary: "add an entry to the table of neighbours",
	Doc: "A proxy entry that is there already is no error for the kernel. An entry without a state is permanent, or none " +
		"with use or managed, for which the kernel finds the link-layer address. (RTM_NEWNEIGH, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p NeighParams) (Done, error) {
	err := p.NeighOptions.write(t, p.In, p.Dev, p.Dst, netlink.Create|netlink.Excl)
	return settle(keyed(err, "dst", unix.EEXIST), p.IfPresent, unix.EEXIST)
})

// NeighParams is what neigh.add takes.
type NeighParams struct {
	In
	Dev attr.IfName `cbor:"dev" help:"link to the neighbour"`
	Dst attr.Addr   `cbor:"dst" help:"address of the neighbour"`
	NeighOptions
	IfPresent *attr.Tolerance `cbor:"if_present,omitempty" help:"ok if an entry that is there already is no error, whatever is in it"`
}

// Check says why the attributes do not fit each other.
func (p *NeighParams) Check() error { return p.NeighOptions.check() }

// NeighReplace adds a neighbour or changes it.
var NeighReplace = define(Op{
	Name:    "neigh.replace",
	Summary: "add an entry to the table of neighbours, or change it",
	Doc: "The defaults are those of neigh.add; an entry that is there keeps its link-layer address if none is given. The " +
		"result is always changed. (RTM_NEWNEIGH, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p NeighReplaceParams) (Done, error) {
	err := p.NeighOptions.write(t, p.In, p.Dev, p.Dst, netlink.Create|netlink.Replace)
	return Done{Changed: err == nil}, err
})

// NeighReplaceParams is what neigh.replace takes.
type NeighReplaceParams struct {
	In
	Dev attr.IfName `cbor:"dev" help:"link to the neighbour"`
	Dst attr.Addr   `cbor:"dst" help:"address of the neighbour"`
	NeighOptions
}

// Check says why the attributes do not fit each other.
func (p *NeighReplaceParams) Check() error { return p.NeighOptions.check() }

// NeighOptions are what an entry has beside its key.
type NeighOptions struct {
	LLAddr      *attr.LLAddr        `cbor:"lladdr,omitempty" pinned:"true" help:"link-layer address of the neighbour; without it what the entry has, or what the kernel finds"`
	State       *attr.NeighState    `cbor:"state,omitempty" pinned:"true" help:"state of the entry; without it permanent, or none with use or managed"`
	Proxy       *attr.Flag          `cbor:"proxy,omitempty" pinned:"true" help:"on to answer for the address on the link instead of having a neighbour there"`
	Router      *attr.Flag          `cbor:"router,omitempty" help:"on if the neighbour is a router"`
	ExternLearn *attr.Flag          `cbor:"extern_learn,omitempty" help:"on if a control plane has learnt the entry"`
	Use         *attr.Flag          `cbor:"use,omitempty" help:"on to have the kernel find the link-layer address now"`
	Managed     *attr.Flag          `cbor:"managed,omitempty" since:"5.16" help:"on to have the kernel keep the entry reachable"`
	Protocol    *attr.RouteProtocol `cbor:"protocol,omitempty" help:"who makes the entry"`
}

// check refuses what a proxy entry does not have, and what the kernel passes over
// in one that it looks after.
func (o *NeighOptions) check() error {
	proxy, kept := bool(value(o.Proxy)), bool(value(o.Use) || value(o.Managed))
	for _, option := range []struct {
		name  string
		given bool
	}{
		{"lladdr", o.LLAddr != nil}, {"state", o.State != nil}, {"use", o.Use != nil}, {"managed", o.Managed != nil},
	} {
		if option.given && proxy {
			return invalid(option.name, "a proxy entry has none")
		}
	}
	switch {
	case kept && o.LLAddr != nil:
		return invalid("lladdr", "the kernel finds it, with use or managed")
	case kept && value(o.State) != unix.NUD_NONE:
		return invalid("state", "the kernel keeps it, with use or managed")
	}
	return nil
}

// state returns the state of the entry.
func (o *NeighOptions) state() attr.NeighState {
	switch {
	case o.State != nil:
		return *o.State
	case bool(value(o.Use) || value(o.Managed)):
		return unix.NUD_NONE
	}
	return unix.NUD_PERMANENT
}

func (o *NeighOptions) flags() (flags uint8) {
	for _, f := range []struct {
		on  *attr.Flag
		bit uint8
	}{
		{o.Use, unix.NTF_USE},
		{o.Proxy, unix.NTF_PROXY},
		{o.ExternLearn, unix.NTF_EXT_LEARNED},
		{o.Router, unix.NTF_ROUTER},
	} {
		if value(f.on) {
			flags |= f.bit
		}
	}
	return flags
}

// write sends a message RTM_NEWNEIGH with the flags.
func (o *NeighOptions) write(t *kernel.Task, in In, dev attr.IfName, dst attr.Addr, flags netlink.HeaderFlags) error {
	ns, err := t.In(in.NetNS)
	if err != nil {
		return err
	}
	index, err := ns.Index("dev", dev)
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

// encodeNewNeigh makes a message that adds or, with netlink.Replace, changes an
// entry.
func encodeNewNeigh(flags netlink.HeaderFlags, index uint32, dst attr.Addr, o *NeighOptions) *kernel.Request {
	r := encodeNeighKey(unix.RTM_NEWNEIGH, flags, index, dst, &rtnetlink.NeighMessage{
		State: uint16(o.state()),
		Flags: o.flags(),
	})
	if o.LLAddr != nil {
		r.Bytes("lladdr", unix.NDA_LLADDR, o.LLAddr.Bytes())
	}
	if value(o.Managed) {
		r.Uint32("managed", ndaFlagsExt, ntfExtManaged)
	}
	if o.Protocol != nil {
		r.Uint8("protocol", ndaProtocol, uint8(*o.Protocol))
	}
	return r
}

// encodeNeighKey starts a message with what tells one entry from another, beside
// the flags in the header.
func encodeNeighKey(typ uint16, flags netlink.HeaderFlags, index uint32, dst attr.Addr, header *rtnetlink.NeighMessage) *kernel.Request {
	header.Family, header.Index = uint16(familyOf(dst.Addr)), index
	r := kernel.NewRequest(typ, flags, header)
	r.Addr("dst", unix.NDA_DST, dst.Addr)
	return r
}
