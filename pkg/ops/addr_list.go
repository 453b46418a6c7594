package ops

import (
	"slices"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// AddrList lists addresses of links.
var AddrList = defineList(Op{
	Name:    "addr.list",
	Summary: "list addresses of links",
	Doc: "An address is listed if it fits all selectors that are given; a flag given as off picks the addresses without " +
		"it. (RTM_GETADDR, rtnetlink(7))",
}, func(t *kernel.Task, p AddrListParams, emit func(*Addr) error) error {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return err
	}
	index, err := indexOrZero(ns, "dev", p.Dev)
	if err != nil {
		return err
	}
	names := namesIn(ns)
	return p.AddrSelection.dump(ns, index, func(a Addr) error {
		if !p.admits(&a) {
			return nil
		}
		a.Dev = names.name(&a.Index)
		return emit(&a)
	})
})

// AddrListParams is what addr.list takes. All that is given must fit.
type AddrListParams struct {
	In
	Dev *attr.IfName `cbor:"dev,omitempty" pinned:"true" help:"addresses of this link; without it of all"`
	AddrSelection
	Permanent  *attr.Flag `cbor:"permanent,omitempty" pinned:"true" help:"addresses that stay for ever; off for those with a lifetime"`
	Tentative  *attr.Flag `cbor:"tentative,omitempty" pinned:"true" help:"addresses of which it is not known yet whether another node has them"`
	DADFailed  *attr.Flag `cbor:"dadfailed,omitempty" pinned:"true" help:"addresses that another node was found to have"`
	Deprecated *attr.Flag `cbor:"deprecated,omitempty" pinned:"true" help:"addresses that are no longer used for new connections"`
}

func (p *AddrListParams) admits(a *Addr) bool {
	has := func(word string, want *attr.Flag) bool {
		return want == nil || slices.Contains(a.Flags, word) == bool(*want)
	}
	return has("permanent", p.Permanent) && has("tentative", p.Tentative) &&
		has("dadfailed", p.DADFailed) && has("deprecated", p.Deprecated)
}

// An AddrSelection picks addresses.
type AddrSelection struct {
	Family *attr.Family `cbor:"family,omitempty" pinned:"true" help:"addresses of this family; without it of both"`
	Scope  *attr.Scope  `cbor:"scope,omitempty" pinned:"true" help:"addresses of this scope"`
	To     *attr.Prefix `cbor:"to,omitempty" pinned:"true" help:"addresses in this prefix"`
}

// dump gives the addresses that are selected to visit, IPv4 first: those of the
// link with the index, or of all links if it is 0. The kernel could pick the link,
// but a dump of the IPv4 addresses of one link is not flagged when they change
// meanwhile (inet_dump_addr in net/ipv4/devinet.c), and one would be missed.
func (s *AddrSelection) dump(ns *kernel.Netns, index uint32, visit func(Addr) error) error {
	for _, family := range families(s.Family) {
		err := ns.Dump(encodeGetAddr(family), func(m netlink.Message) error {
			a, err := decodeAddrMessage(m.Data)
			if err != nil {
				return err
			}
			if !s.admits(&a) || index != 0 && uint32(a.Index) != index {
				return nil
			}
			return visit(a)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func encodeGetAddr(family attr.Family) *kernel.Request {
	return kernel.NewRequest(unix.RTM_GETADDR, 0, &rtnetlink.AddressMessage{Family: uint8(family)})
}

func (s *AddrSelection) admits(a *Addr) bool {
	return (s.Scope == nil || a.Scope == *s.Scope) && (s.To == nil || s.To.Contains(a.Address.Addr()))
}
