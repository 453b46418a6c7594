package ops

import (
	"net/netip"
	"strings"

	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// AddrOptions are the attributes of an address beside itself.
type AddrOptions struct {
	Peer          *attr.IfAddr       `cbor:"peer,omitempty" help:"address of the other end with the length of its prefix; address then has no length of its own"`
	Broadcast     *attr.Addr         `cbor:"broadcast,omitempty" help:"broadcast address; IPv4 only"`
	AutoBroadcast *attr.Flag         `cbor:"auto_broadcast,omitempty" help:"on to take the last address of the prefix as broadcast address, unless the prefix is longer than 30 bits; IPv4 only"`
	Label         *attr.Label        `cbor:"label,omitempty" pinned:"true" help:"label; without it the name of the link; IPv4 only"`
	Scope         *attr.Scope        `cbor:"scope,omitempty" pinned:"true" help:"where the address is valid; without it global; that of an IPv6 address follows from the address"`
	NoDAD         *attr.Flag         `cbor:"nodad,omitempty" help:"on to use the address without asking whether another has it; IPv6 only"`
	Optimistic    *attr.Flag         `cbor:"optimistic,omitempty" help:"on to use the address while asking; IPv6 only"`
	Home          *attr.Flag         `cbor:"home,omitempty" help:"on for a home address (RFC 6275); IPv6 only"`
	MngTmpAddr    *attr.Flag         `cbor:"mngtmpaddr,omitempty" help:"on to make temporary addresses in its prefix; IPv6 only"`
	NoPrefixRoute *attr.Flag         `cbor:"noprefixroute,omitempty" pinned:"true" help:"on to add no route to the prefix"`
	AutoJoin      *attr.Flag         `cbor:"autojoin,omitempty" help:"on to join the multicast group that the address is"`
	ValidLft      *attr.Lifetime     `cbor:"valid_lft,omitempty" pinned:"true" help:"time until the address goes; without it forever"`
	PreferredLft  *attr.Lifetime     `cbor:"preferred_lft,omitempty" pinned:"true" help:"time until it is no longer used for new connections; without it valid_lft"`
	Metric        *attr.Metric       `cbor:"metric,omitempty" pinned:"true" help:"metric of the route to the prefix; without it the kernel's"`
	Protocol      *attr.AddrProtocol `cbor:"protocol,omitempty" since:"5.18" pinned:"true" help:"who made the address; without it unspecified"`
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
		return invalid("auto_broadcast", "want either broadcast or auto_broadcast")
	}
	if o.Label != nil && !labelFits(*o.Label, dev) {
		return invalid("label", "want the name of the link, or that with a colon and more behind it")
	}
	return o.checkLifetimes()
}

// checkFamily refuses what the family of the address does not have.
func (o *AddrOptions) checkFamily(a netip.Addr) error {
	if a.Is4() {
		return refuse("only IPv6 addresses have it",
			has("nodad", o.NoDAD), has("optimistic", o.Optimistic), has("home", o.Home), has("mngtmpaddr", o.MngTmpAddr))
	}
	err := refuse("only IPv4 addresses have it",
		has("broadcast", o.Broadcast), has("auto_broadcast", o.AutoBroadcast), has("label", o.Label))
	if err != nil {
		return err
	}
	if scope := scopeOf(a); o.Scope != nil && *o.Scope != scope {
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

// checkLifetimes refuses what the kernel refuses without naming an attribute.
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

// lifetimes returns the lifetimes, the defaults in the place of what is not given.
func (o *AddrOptions) lifetimes() (valid, preferred attr.Lifetime) {
	valid = orElse(o.ValidLft, attr.Forever)
	return valid, orElse(o.PreferredLft, valid)
}

// flags returns the flags that are on, for IFA_FLAGS.
func (o *AddrOptions) flags() uint32 {
	return bitIf[uint32](o.NoDAD, unix.IFA_F_NODAD) |
		bitIf[uint32](o.Optimistic, unix.IFA_F_OPTIMISTIC) |
		bitIf[uint32](o.Home, unix.IFA_F_HOMEADDRESS) |
		bitIf[uint32](o.MngTmpAddr, unix.IFA_F_MANAGETEMPADDR) |
		bitIf[uint32](o.NoPrefixRoute, unix.IFA_F_NOPREFIXROUTE) |
		bitIf[uint32](o.AutoJoin, unix.IFA_F_MCAUTOJOIN)
}
