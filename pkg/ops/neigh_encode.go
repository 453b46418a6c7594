package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

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

func encodeDelNeigh(index uint32, dst attr.Addr, proxy bool) *kernel.Request {
	return encodeNeighKey(unix.RTM_DELNEIGH, 0, index, dst, &rtnetlink.NeighMessage{Flags: proxyFlag(proxy)})
}

// encodeNeighKey starts a message with what tells one entry from another, beside
// the flags in the header.
func encodeNeighKey(typ uint16, flags netlink.HeaderFlags, index uint32, dst attr.Addr, header *rtnetlink.NeighMessage) *kernel.Request {
	header.Family, header.Index = uint16(familyOf(dst.Addr)), index
	r := kernel.NewRequest(typ, flags, header)
	r.Addr("dst", unix.NDA_DST, dst.Addr)
	return r
}

func proxyFlag(proxy bool) uint8 {
	if proxy {
		return unix.NTF_PROXY
	}
	return 0
}
