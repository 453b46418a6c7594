package ops

import (
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// NeighOptions are what an entry has beside its key.
type NeighOptions struct {
	LLAddr      *attr.LLAddr        `cbor:"lladdr,omitempty" pinned:"true" help:"link-layer address of the neighbour; without it the entry keeps its own, or the kernel finds it"`
	State       *attr.NeighState    `cbor:"state,omitempty" pinned:"true" help:"state of the entry; without it permanent, or none with use or managed"`
	Proxy       *attr.Flag          `cbor:"proxy,omitempty" pinned:"true" help:"on to answer for the address on the link instead of having a neighbour there"`
	Router      *attr.Flag          `cbor:"router,omitempty" help:"on if the neighbour is a router"`
	ExternLearn *attr.Flag          `cbor:"extern_learn,omitempty" help:"on if a control plane has learnt the entry"`
	Use         *attr.Flag          `cbor:"use,omitempty" help:"on to have the kernel find the link-layer address now"`
	Managed     *attr.Flag          `cbor:"managed,omitempty" since:"5.16" help:"on to have the kernel keep the entry reachable"`
	Protocol    *attr.RouteProtocol `cbor:"protocol,omitempty" help:"who made the entry"`
}

// check refuses what a proxy entry does not have, and what the kernel passes over
// in one that it looks after.
func (o *NeighOptions) check() error {
	proxy, kept := bool(value(o.Proxy)), bool(value(o.Use) || value(o.Managed))
	switch {
	case proxy:
		return refuse("a proxy entry has none",
			has("lladdr", o.LLAddr), has("state", o.State), has("use", o.Use), has("managed", o.Managed))
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

// flags returns the flags that are on, for ndm_flags.
func (o *NeighOptions) flags() uint8 {
	return bitIf[uint8](o.Use, unix.NTF_USE) |
		bitIf[uint8](o.Proxy, unix.NTF_PROXY) |
		bitIf[uint8](o.ExternLearn, unix.NTF_EXT_LEARNED) |
		bitIf[uint8](o.Router, unix.NTF_ROUTER)
}
