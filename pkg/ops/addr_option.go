package ops

import (
	"encoding/binary"
	"net/netip"
	"strings"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// AddrOptions are the attributes of an address beside itself.
type AddrOptions struct {
	Peer          *attr.IfAddr       `cbor:"peer,omitempty" help:"address at the other end, and the length of its prefix; address then has none"`
	Broadcast     *attr.Addr         `cbor:"broadcast,omitempty" help:"broadcast address; IPv4 only"`
	AutoBroadcast *attr.Flag         `cbor:"auto_broadcast,omitempty" help:"on for the last address of a prefix of at most 30 bits as broadcast address; IPv4 only"`
	Label         *attr.Label        `cbor:"label,omitempty" pinned:"true" help:"label; without it the name of the link; IPv4 only"`
	Scope         *attr.Scope        `cbor:"scope,omitempty" pinned:"true" help:"where the address is valid; without it global; an IPv6 address has its scope by itself"`
	NoDAD         *attr.Flag         `cbor:"nodad,omitempty" help:"on to use the address without asking whether another has it; IPv6 only"`
	Optimistic    *attr.Flag         `cbor:"optimistic,omitempty" help:"on to use the address while asking; IPv6 only"`
	Home          *attr.Flag         `cbor:"home,omitempty" help:"on for a home address (RFC 6275); IPv6 only"`
	MngTmpAddr    *attr.Flag         `cbor:"mngtmpaddr,omitempty" help:"on to make temporary addresses of this one; IPv6 only"`
	NoPrefixRoute *attr.Flag         `cbor:"noprefixroute,omitempty" pinned:"true" help:"on to make no route to the prefix"`
	AutoJoin      *attr.Flag         `cbor:"autojoin,omitempty" help:"on to join the multicast group that the address is"`
	ValidLft      *attr.Lifetime     `cbor:"valid_lft,omitempty" pinned:"true" help:"time until the address goes; without it forever"`
	PreferredLft  *attr.Lifetime     `cbor:"preferred_lft,omitempty" pinned:"true" help:"time until it is no longer used for new connections; without it as long as it is valid"`
	Metric        *attr.Metric       `cbor:"metric,omitempty" pinned:"true" help:"metric of the route to the prefix; without it the kernel's"`
	Protocol      *attr.AddrProtocol `cbor:"protocol,omitempty" since:"5.18" pinned:"true" help:"who made the address; without it nobody in particular"`
	Wait          *attr.Milliseconds `cbor:"wait,omitempty" help:"how long to wait for the link to appear"`
}

// check says why the options do not fit the address and the link.
func (o *AddrOptions) check(dev attr.IfName, address attr.IfAddr) error {
	if o.Peer != nil && o.Peer.Addr().Is4() != address.Addr().Is4() {
		return invalid("peer", "want an address of the same family")
	}
	if o.Peer != nil && !address.IsSingleIP() {
		return invalid("address", "want no length of a prefix: that of the peer is meant")
	}
	if err := o.checkFamily(address.Addr()); err != nil {
		return err
	}
	if o.Broadcast != nil && !o.Broadcast.Is4() {
		return invalid("broadcast", "want an IPv4 address")
	}
	if o.Broadcast != nil && value(o.AutoBroadcast) {
		return invalid("auto_broadcast", "broadcast is given")
	}
	if o.Label != nil && !labelFits(*o.Label, dev) {
		return invalid("label", "want the name of the link, or that with a colon and more behind it")
	}
	return o.checkLifetimes()
}

// checkFamily refuses what the family of the address does not have.
func (o *AddrOptions) checkFamily(a netip.Addr) error {
	for _, option := range []struct {
		name  string
		given bool
		v4    bool
	}{
		{"broadcast", o.Broadcast != nil, true},
		{"auto_broadcast", o.AutoBroadcast != nil, true},
		{"label", o.Label != nil, true},
		{"nodad", o.NoDAD != nil, false},
		{"optimistic", o.Optimistic != nil, false},
		{"home", o.Home != nil, false},
		{"mngtmpaddr", o.MngTmpAddr != nil, false},
	} {
		switch {
		case option.given && option.v4 && !a.Is4():
			return invalid(option.name, "only IPv4 addresses have it")
		case option.given && !option.v4 && a.Is4():
			return invalid(option.name, "only IPv6 addresses have it")
		}
	}
	if scope := scopeOf(a); o.Scope != nil && !a.Is4() && *o.Scope != scope {
		return invalid("scope", "the scope of this address is "+scope.String()+" by itself (RFC 4291)")
	}
	return nil
}

// scopeOf returns the scope that the kernel gives to an IPv6 address.
func scopeOf(a netip.Addr) attr.Scope {
	switch {
	case a.IsLoopback():
		return unix.RT_SCOPE_HOST
	case a.IsLinkLocalUnicast():
		return unix.RT_SCOPE_LINK
	case siteLocal.Contains(a):
		return unix.RT_SCOPE_SITE
	}
	return unix.RT_SCOPE_UNIVERSE
}

var siteLocal = netip.MustParsePrefix("fec0::/10")

// labelFits reports whether an address with the label is found by those who look
// for the link.
func labelFits(label attr.Label, dev attr.IfName) bool {
	rest, ok := strings.CutPrefix(string(label), string(dev))
	return ok && (rest == "" || rest[0] == ':')
}

func (o *AddrOptions) checkLifetimes() error {
	valid, preferred := o.lifetimes()
	switch {
	case valid == 0:
		return invalid("valid_lft", "want a second at least")
	case preferred > valid:
		return invalid("preferred_lft", "want no more than valid_lft")
	}
	return nil
}

func (o *AddrOptions) lifetimes() (valid, preferred attr.Lifetime) {
	valid = attr.Forever
	if o.ValidLft != nil {
		valid = *o.ValidLft
	}
	preferred = valid
	if o.PreferredLft != nil {
		preferred = *o.PreferredLft
	}
	return valid, preferred
}

func (o *AddrOptions) flags() (flags uint32) {
	for _, f := range []struct {
		on  *attr.Flag
		bit uint32
	}{
		{o.NoDAD, unix.IFA_F_NODAD},
		{o.Optimistic, unix.IFA_F_OPTIMISTIC},
		{o.Home, unix.IFA_F_HOMEADDRESS},
		{o.MngTmpAddr, unix.IFA_F_MANAGETEMPADDR},
		{o.NoPrefixRoute, unix.IFA_F_NOPREFIXROUTE},
		{o.AutoJoin, unix.IFA_F_MCAUTOJOIN},
	} {
		if value(f.on) {
			flags |= f.bit
		}
	}
	return flags
}

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
