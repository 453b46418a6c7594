package ops

import (
	"nethelper/internal/kernel"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// encodeNewFDB makes a message that adds, appends to or replaces an entry.
func encodeNewFDB(flags netlink.HeaderFlags, k *FDBKey, o *FDBOptions, index, via uint32) *kernel.Request {
	r := k.encode(unix.RTM_NEWNEIGH, flags, o.state(), o.flags(), index, via)
	if o.NHID != nil {
		r.Uint32("nhid", ndaNHID, uint32(*o.NHID))
	}
	return r
}

// encodeDel makes a message that deletes the entry. Links without a table of their
// own want to hear that it is permanent.
func (k *FDBKey) encodeDel(index, via uint32) *kernel.Request {
	return k.encode(unix.RTM_DELNEIGH, 0, unix.NUD_NOARP|unix.NUD_PERMANENT, 0, index, via)
}

// encode starts a message about the entry. What is not given is not sent: to a
// vxlan link an index of 0 is a link that does not exist.
func (k *FDBKey) encode(typ uint16, flags netlink.HeaderFlags, state uint16, entryFlags uint8, index, via uint32) *kernel.Request {
	r := kernel.NewRequest(typ, flags, &rtnetlink.NeighMessage{
		Family: unix.AF_BRIDGE,
		Index:  index,
		State:  state,
		Flags:  k.tables() | entryFlags,
	})
	r.Bytes("lladdr", unix.NDA_LLADDR, k.LLAddr.Bytes())
	if k.Dst != nil {
		r.Addr("dst", unix.NDA_DST, k.Dst.Addr)
	}
	if k.VLAN != nil {
		r.Uint16("vlan", unix.NDA_VLAN, uint16(*k.VLAN))
	}
	if k.Port != nil {
		r.Uint16BE("port", unix.NDA_PORT, uint16(*k.Port))
	}
	if k.VNI != nil {
		r.Uint32("vni", unix.NDA_VNI, uint32(*k.VNI))
	}
	if k.SrcVNI != nil {
		r.Uint32("src_vni", unix.NDA_SRC_VNI, uint32(*k.SrcVNI))
	}
	if k.Via != nil {
		r.Uint32("via", unix.NDA_IFINDEX, via)
	}
	return r
}
