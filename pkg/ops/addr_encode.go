package ops

import (
	"encoding/binary"
	"net/netip"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// encodeNewAddr makes a message that adds or, with netlink.Replace, changes an address.
func encodeNewAddr(flags netlink.HeaderFlags, index uint32, address attr.IfAddr, o *AddrOptions) *kernel.Request {
	r := encodeAddrKey(unix.RTM_NEWADDR, flags, index, address, o.Peer, value(o.Scope))
	if b, ok := o.broadcast(address); ok {
		r.Addr("broadcast", unix.IFA_BROADCAST, b)
	}
	if o.Label != nil {
		r.String("label", unix.IFA_LABEL, string(*o.Label))
	}
	if f := o.flags(); f != 0 {
		r.Uint32("", unix.IFA_FLAGS, f)
	}
	if o.ValidLft != nil || o.PreferredLft != nil {
		valid, preferred := o.lifetimes()
		info := make([]byte, sizeofIfaCacheinfo)
		binary.NativeEndian.PutUint32(info, uint32(preferred))
		binary.NativeEndian.PutUint32(info[4:], uint32(valid))
		r.Bytes("valid_lft", unix.IFA_CACHEINFO, info)
	}
	if o.Metric != nil {
		r.Uint32("metric", unix.IFA_RT_PRIORITY, uint32(*o.Metric))
	}
	if o.Protocol != nil {
		r.Uint8("protocol", ifaProto, uint8(*o.Protocol))
	}
	return r
}

// encodeAddrKey starts a message with what tells one address from another. The
// kernel takes a message without IFA_LOCAL and IFA_ADDRESS for any address.
func encodeAddrKey(typ uint16, flags netlink.HeaderFlags, index uint32, address attr.IfAddr, peer *attr.IfAddr, scope attr.Scope) *kernel.Request {
	far := address
	if peer != nil {
		far = *peer
	}
	r := kernel.NewRequest(typ, flags, &rtnetlink.AddressMessage{
		Family:       familyOf(address.Addr()),
		PrefixLength: uint8(far.Bits()),
		Scope:        uint8(scope),
		Index:        index,
	})
	r.Addr("address", unix.IFA_LOCAL, address.Addr())
	name := "address"
	if peer != nil {
		name = "peer"
	}
	r.Addr(name, unix.IFA_ADDRESS, far.Addr())
	return r
}

// broadcast returns the broadcast address. That of a prefix is the last in it;
// prefixes of 31 and 32 bits have none (RFC 3021).
func (o *AddrOptions) broadcast(address attr.IfAddr) (netip.Addr, bool) {
	const longest = 30
	if o.Broadcast != nil {
		return o.Broadcast.Addr, true
	}
	if o.Peer != nil {
		address = *o.Peer
	}
	if !value(o.AutoBroadcast) || address.Bits() > longest {
		return netip.Addr{}, false
	}
	b := address.Addr().As4()
	host := uint32(1)<<(32-address.Bits()) - 1
	binary.BigEndian.PutUint32(b[:], binary.BigEndian.Uint32(b[:])|host)
	return netip.AddrFrom4(b), true
}
