package ops

import (
	"slices"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// NeighList lists neighbours.
var NeighList = defineList(Op{
	Name:    "neigh.list",
	Summary: "list the table of neighbours",
	Doc: "An entry is listed if it fits all selectors that are given. Proxy entries are a table of their own, which " +
		"proxy=on lists instead. (RTM_GETNEIGH, rtnetlink(7))",
}, func(t *kernel.Task, p NeighListParams, emit func(*Neigh) error) error {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return err
	}
	index, err := indexOrZero(ns, "dev", p.Dev)
	if err != nil {
		return err
	}
	names := namesIn(ns)
	return p.NeighSelection.dump(ns, index, bool(value(p.Proxy)), func(n Neigh) error {
		n.Dev = names.name(n.Index)
		return emit(&n)
	})
})

// NeighListParams is what neigh.list takes. All that is given must fit.
type NeighListParams struct {
	In
	Dev *attr.IfName `cbor:"dev,omitempty" pinned:"true" help:"entries of this link; without it of all"`
	NeighSelection
	Proxy *attr.Flag `cbor:"proxy,omitempty" pinned:"true" help:"on for proxy entries instead of neighbours"`
}

// A NeighSelection picks neighbours.
type NeighSelection struct {
	Family *attr.Family     `cbor:"family,omitempty" pinned:"true" help:"entries of this family; without it of both"`
	To     *attr.Prefix     `cbor:"to,omitempty" pinned:"true" help:"entries with an address in this prefix"`
	State  *attr.NeighState `cbor:"state,omitempty" pinned:"true" help:"entries in this state"`
}

// dump gives the neighbours, or proxy entries, that are selected to visit, IPv4
// first: those of the link with the index, or of all links if it is 0.
func (s *NeighSelection) dump(ns *kernel.Netns, index uint32, proxy bool, visit func(Neigh) error) error {
	for _, family := range families(s.Family) {
		err := ns.Dump(encodeGetNeigh(family, index, proxy), func(m netlink.Message) error {
			n, err := decodeNeigh(m.Data)
			if err != nil {
				return err
			}
			if !s.admits(&n) || index != 0 && uint32(value(n.Index)) != index {
				return nil
			}
			return visit(n)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *NeighSelection) admits(n *Neigh) bool {
	return (s.To == nil || s.To.Contains(n.Dst.Addr)) &&
		(s.State == nil || slices.Contains(n.State, s.State.String()))
}

// encodeGetNeigh makes a dump request. The kernel wants the link as an attribute
// and not in the header.
func encodeGetNeigh(family attr.Family, index uint32, proxy bool) *kernel.Request {
	r := kernel.NewRequest(unix.RTM_GETNEIGH, 0, &rtnetlink.NeighMessage{Family: uint16(family), Flags: proxyFlag(proxy)})
	if index != 0 {
		r.Uint32("dev", unix.NDA_IFINDEX, index)
	}
	return r
}
