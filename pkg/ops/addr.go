package ops

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// An Addr is an address of a link as the kernel has it.
type Addr struct {
	Dev          *attr.IfName       `cbor:"dev,omitempty" help:"link that has the address"`
	Index        attr.Index         `cbor:"ifindex" wide:"true" help:"index of that link"`
	Address      attr.IfAddr        `cbor:"address" help:"address with the length of its prefix; with a peer, the length is that of a single address"`
	Peer         *attr.IfAddr       `cbor:"peer,omitempty" help:"address of the other end with the length of its prefix"`
	Broadcast    *attr.Addr         `cbor:"broadcast,omitempty" help:"broadcast address"`
	Label        string             `cbor:"label,omitempty" wide:"true" help:"label of an IPv4 address"`
	Scope        attr.Scope         `cbor:"scope" help:"where the address is valid"`
	Flags        []string           `cbor:"flags,omitempty" help:"flags, as ip-address(8) names them"`
	ValidLft     attr.Lifetime      `cbor:"valid_lft" help:"time until the address goes"`
	PreferredLft attr.Lifetime      `cbor:"preferred_lft" help:"time until it is no longer used for new connections"`
	Metric       *attr.Metric       `cbor:"metric,omitempty" wide:"true" help:"metric of the prefix route"`
	Protocol     *attr.AddrProtocol `cbor:"protocol,omitempty" wide:"true" help:"who made the address"`
	Created      attr.Centiseconds  `cbor:"cstamp" wide:"true" help:"when it was made, as time since the machine started"`
	Updated      attr.Centiseconds  `cbor:"tstamp" wide:"true" help:"when it was last changed, as time since the machine started"`
}

// addrFlags are the words for ifa_flags. The lowest means something else in IPv6.
var addrFlags = []bitWord{
	{unix.IFA_F_SECONDARY, "secondary"},
	{unix.IFA_F_NODAD, "nodad"},
	{unix.IFA_F_OPTIMISTIC, "optimistic"},
	{unix.IFA_F_DADFAILED, "dadfailed"},
	{unix.IFA_F_HOMEADDRESS, "home"},
	{unix.IFA_F_DEPRECATED, "deprecated"},
	{unix.IFA_F_TENTATIVE, "tentative"},
	{unix.IFA_F_PERMANENT, "permanent"},
	{unix.IFA_F_MANAGETEMPADDR, "mngtmpaddr"},
	{unix.IFA_F_NOPREFIXROUTE, "noprefixroute"},
	{unix.IFA_F_MCAUTOJOIN, "autojoin"},
	{unix.IFA_F_STABLE_PRIVACY, "stable-privacy"},
}

func addrFlagWords(family uint8, flags uint32) []string {
	words := bitWords(flags, addrFlags)
	if family == unix.AF_INET6 && flags&unix.IFA_F_TEMPORARY != 0 {
		words[0] = "temporary"
	}
	return words
}

// decodeAddrMessage reads a message RTM_NEWADDR. The link has an index and no name.
func decodeAddrMessage(b []byte) (Addr, error) {
	if len(b) < unix.SizeofIfAddrmsg {
		return Addr{}, fmt.Errorf("address message of %d bytes", len(b))
	}
	family, length := b[0], b[1]
	a := Addr{
		Index:        attr.Index(binary.NativeEndian.Uint32(b[4:])),
		Scope:        attr.Scope(b[3]),
		ValidLft:     attr.Forever,
		PreferredLft: attr.Forever,
	}
	flags := uint32(b[2])
	var local, address netip.Addr
	ad, err := kernel.NewAttributes(b[unix.SizeofIfAddrmsg:])
	if err != nil {
		return Addr{}, err
	}
	for ad.Next() {
		switch ad.Type() {
		case unix.IFA_LOCAL:
			local = decodeAddr(ad)
		case unix.IFA_ADDRESS:
			address = decodeAddr(ad)
		case unix.IFA_BROADCAST:
			a.Broadcast = &attr.Addr{Addr: decodeAddr(ad)}
		case unix.IFA_LABEL:
			a.Label = decodeText(ad)
		case unix.IFA_FLAGS:
			flags = ad.Uint32()
		case unix.IFA_CACHEINFO:
			ad.Do(a.decodeCacheInfo)
		case unix.IFA_RT_PRIORITY:
			a.Metric = new(attr.Metric(ad.Uint32()))
		case ifaProto:
			a.Protocol = new(attr.AddrProtocol(ad.Uint8()))
		}
	}
	if err := ad.Err(); err != nil {
		return Addr{}, fmt.Errorf("address message: %w", err)
	}
	a.Flags = addrFlagWords(family, flags)
	return a, a.setEnds(attr.Family(family), length, local, address)
}

// setEnds sets the address and the peer. The kernel has the peer in IFA_ADDRESS,
// and without one the address, in IPv6 there alone.
func (a *Addr) setEnds(family attr.Family, length uint8, local, address netip.Addr) error {
	switch {
	case !local.IsValid():
		local = address
	case !address.IsValid():
		address = local
	}
	far, err := decodePrefix(address, length, family)
	if err != nil {
		return err
	}
	if local == address {
		a.Address = attr.IfAddr(far)
		return nil
	}
	near, err := decodePrefix(local, uint8(local.BitLen()), family)
	if err != nil {
		return err
	}
	a.Address, a.Peer = attr.IfAddr(near), new(attr.IfAddr(far))
	return nil
}

// decodeCacheInfo reads a struct ifa_cacheinfo.
func (a *Addr) decodeCacheInfo(b []byte) error {
	if len(b) < sizeofIfaCacheinfo {
		return fmt.Errorf("lifetimes of %d bytes", len(b))
	}
	a.PreferredLft = attr.Lifetime(binary.NativeEndian.Uint32(b))
	a.ValidLft = attr.Lifetime(binary.NativeEndian.Uint32(b[4:]))
	a.Created = attr.Centiseconds(binary.NativeEndian.Uint32(b[8:]))
	a.Updated = attr.Centiseconds(binary.NativeEndian.Uint32(b[12:]))
	return nil
}
