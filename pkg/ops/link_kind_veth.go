package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"golang.org/x/sys/unix"
)

// vethKind makes pairs of links: what is sent through one is received by the
// other. The other is the group peer.
var vethKind = linkKind{
	kind:  attr.Veth,
	given: func(p *LinkAddParams) bool { return p.Peer != nil },
	check: func(p *LinkAddParams) error {
		if p.Peer == nil {
			return invalid("peer.name", "the other end of the pair has to be named")
		}
		return checkEthernet("peer.lladdr", p.Peer.LLAddr)
	},
	encode: func(r *kernel.Request, at *resolver, p *LinkAddParams) { p.Peer.encode(r, at) },
}

// PeerParams are the attributes of the other end of a pair.
type PeerParams struct {
	Name   attr.IfName       `cbor:"name" help:"name of the other end"`
	NetNS  *attr.NetNS       `cbor:"netns,omitempty" pinned:"true" help:"namespace that the other end is made in; without it that of the link itself"`
	MTU    *attr.MTU         `cbor:"mtu,omitempty" help:"largest packet of the other end"`
	LLAddr *attr.LLAddr      `cbor:"lladdr,omitempty" help:"Ethernet address of the other end"`
	TxQLen *attr.QueueLength `cbor:"txqlen,omitempty" help:"length of the other end's transmit queue"`
	Group  *attr.LinkGroup   `cbor:"group,omitempty" help:"group of the other end"`
	Up     *attr.Flag        `cbor:"up,omitempty" help:"whether the other end is up; without it it is down"`
}

// encode appends VETH_INFO_PEER, which has the form of a message for a link. The
// kernel refuses to set the peer up in it: half a pair cannot be up.
func (p *PeerParams) encode(r *kernel.Request, at *resolver) {
	r.Nest("peer", vethInfoPeer, func() {
		header, err := (&rtnetlink.LinkMessage{}).MarshalBinary()
		if err != nil {
			panic(err) // a header without attributes has no errors
		}
		r.Fixed(header)
		r.String("peer.name", unix.IFLA_IFNAME, string(p.Name))
		if p.NetNS != nil {
			r.Uint32("peer.netns", unix.IFLA_NET_NS_FD, at.netns("peer.netns", *p.NetNS))
		}
		if p.MTU != nil {
			r.Uint32("peer.mtu", unix.IFLA_MTU, uint32(*p.MTU))
		}
		if p.LLAddr != nil {
			r.Bytes("peer.lladdr", unix.IFLA_ADDRESS, p.LLAddr.Bytes())
		}
		if p.TxQLen != nil {
			r.Uint32("peer.txqlen", unix.IFLA_TXQLEN, uint32(*p.TxQLen))
		}
		if p.Group != nil {
			r.Uint32("peer.group", unix.IFLA_GROUP, uint32(*p.Group))
		}
	})
}
