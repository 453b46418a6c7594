package ops

import (
	"slices"
	"sync"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// LinkSettings are the attributes of a link of any kind that can be changed at
// any time, and those of a bridge.
type LinkSettings struct {
	Up           *attr.Flag        `cbor:"up,omitempty" help:"whether the link is up"`
	MTU          *attr.MTU         `cbor:"mtu,omitempty" help:"largest packet in bytes"`
	LLAddr       *attr.LLAddr      `cbor:"lladdr,omitempty" help:"link-layer address"`
	Alias        *attr.Text        `cbor:"alias,omitempty" help:"free text; an empty one removes it"`
	TxQLen       *attr.QueueLength `cbor:"txqlen,omitempty" help:"length of the transmit queue"`
	Group        *attr.LinkGroup   `cbor:"group,omitempty" help:"group of links"`
	Master       *attr.IfName      `cbor:"master,omitempty" help:"link that this one becomes a port of, such as a bridge"`
	AllMulticast *attr.Flag        `cbor:"allmulticast,omitempty" help:"whether all multicast packets are received"`
	Promiscuous  *attr.Flag        `cbor:"promiscuous,omitempty" help:"whether all packets are received"`
	ARP          *attr.Flag        `cbor:"arp,omitempty" help:"whether neighbours are asked for their link-layer addresses"`
	Multicast    *attr.Flag        `cbor:"multicast,omitempty" help:"whether the link carries multicast packets"`
	Bridge       *BridgeOptions    `cbor:"bridge,omitempty"`
}

var linkSettings = sync.OnceValue(attr.FieldsOf[LinkSettings])

// flags returns the flags that s changes.
func (s *LinkSettings) flags() (c flagChange) {
	c.set(unix.IFF_UP, s.Up)
	c.set(unix.IFF_ALLMULTI, s.AllMulticast)
	c.set(unix.IFF_PROMISC, s.Promiscuous)
	c.set(unix.IFF_MULTICAST, s.Multicast)
	if s.ARP != nil {
		c.set(unix.IFF_NOARP, new(!*s.ARP))
	}
	return c
}

// encode appends the settings but for the flags, which are in the message's
// header, and the options of a bridge, which are in IFLA_LINKINFO.
func (s *LinkSettings) encode(r *kernel.Request, at *resolver) {
	if s.MTU != nil {
		r.Uint32("mtu", unix.IFLA_MTU, uint32(*s.MTU))
	}
	if s.LLAddr != nil {
		r.Bytes("lladdr", unix.IFLA_ADDRESS, s.LLAddr.Bytes())
	}
	if s.Alias != nil {
		r.Bytes("alias", unix.IFLA_IFALIAS, []byte(*s.Alias))
	}
	if s.TxQLen != nil {
		r.Uint32("txqlen", unix.IFLA_TXQLEN, uint32(*s.TxQLen))
	}
	if s.Group != nil {
		r.Uint32("group", unix.IFLA_GROUP, uint32(*s.Group))
	}
	if s.Master != nil {
		r.Uint32("master", unix.IFLA_MASTER, at.link("master", *s.Master))
	}
}

// settings returns what the settings of the link are.
func (l *Link) settings() LinkSettings {
	has := func(word string) *attr.Flag { return new(attr.Flag(slices.Contains(l.Flags, word))) }
	s := LinkSettings{
		Up:           has("UP"),
		MTU:          &l.MTU,
		LLAddr:       l.LLAddr,
		Alias:        new(attr.Text(l.Alias)),
		TxQLen:       &l.TxQLen,
		Group:        &l.Group,
		Master:       l.Master,
		AllMulticast: has("ALLMULTI"),
		Promiscuous:  has("PROMISC"),
		ARP:          new(!*has("NOARP")),
		Multicast:    has("MULTICAST"),
	}
	if l.Bridge != nil {
		s.Bridge = &l.Bridge.BridgeOptions
	}
	return s
}

// unmet lists the settings in s that the link does not have, by name.
func (s *LinkSettings) unmet(l *Link) []string {
	has := make(map[string]attr.Value)
	for _, b := range attr.Bind(linkSettings(), new(l.settings())) {
		has[b.Name()] = b.Value
	}
	var names []string
	for _, b := range attr.Bind(linkSettings(), s) {
		if has[b.Name()] != b.Value {
			names = append(names, b.Name())
		}
	}
	return names
}
