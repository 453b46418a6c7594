package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// FDBList lists forwarding entries.
var FDBList = defineList(Op{
	Name:    "fdb.list",
	Summary: "list entries of forwarding tables",
	Doc:     "An entry is listed if it fits all selectors that are given. (RTM_GETNEIGH, bridge(8))",
}, func(t *kernel.Task, p FDBListParams, emit func(*FDB) error) error {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return err
	}
	index, err := indexOrZero(ns, "dev", p.Dev)
	if err != nil {
		return err
	}
	bridge, err := indexOrZero(ns, "bridge", p.Bridge)
	if err != nil {
		return err
	}
	names := namesIn(ns)
	return ns.Dump(encodeGetFDB(index, bridge), func(m netlink.Message) error {
		f, err := decodeFDB(m.Data)
		if err != nil {
			return err
		}
		if !p.admits(&f) || index != 0 && uint32(f.Index) != index {
			return nil
		}
		f.Dev, f.Master, f.Via = names.name(&f.Index), names.name(f.MasterIndex), names.name(f.ViaIndex)
		return emit(&f)
	})
})

// FDBListParams is what fdb.list takes. All that is given must fit.
type FDBListParams struct {
	In
	Dev    *attr.IfName   `cbor:"dev,omitempty" pinned:"true" help:"entries of this link; without it of all"`
	Bridge *attr.IfName   `cbor:"bridge,omitempty" pinned:"true" help:"entries of this bridge and its ports"`
	VLAN   *attr.VLAN     `cbor:"vlan,omitempty" pinned:"true" help:"entries of this VLAN"`
	State  *attr.FDBState `cbor:"state,omitempty" pinned:"true" help:"entries in this state; stale ones are dynamic"`
}

func (p *FDBListParams) admits(f *FDB) bool {
	return (p.VLAN == nil || value(f.VLAN) == *p.VLAN) &&
		(p.State == nil || f.State == string(*p.State) || f.State == stale && *p.State == attr.FDBDynamic)
}

// encodeGetFDB makes a dump request. An index of 0 is any link.
func encodeGetFDB(index, bridge uint32) *kernel.Request {
	r := kernel.NewRequest(unix.RTM_GETNEIGH, 0, &rtnetlink.NeighMessage{Family: unix.AF_BRIDGE, Index: index})
	if bridge != 0 {
		r.Uint32("bridge", unix.NDA_MASTER, bridge)
	}
	return r
}
