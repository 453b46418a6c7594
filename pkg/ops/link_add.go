package ops

import (
	"errors"
	"fmt"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"
	"nethelper/pkg/protocol"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// LinkAdd makes a link.
var LinkAdd = counted(define(Op{
	Name:    "link.add",
	Summary: "make a link",
	Doc: "The link is made with all that is asked for, or not at all. With if_present=ok a link of the same name and kind " +
		"is taken as it is; its other attributes are not compared. master and link name links of the same namespace. A " +
		"macvlan or macvtap link on top of another one is ambiguous: the kernel would put it on that one's own parent, " +
		"wherever that is. A kind that the kernel lacks is refused with the errno EOPNOTSUPP. (RTM_NEWLINK, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p LinkAddParams) (LinkAdded, error) {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return LinkAdded{}, err
	}
	at := &resolver{t: t, ns: ns}
	defer at.close()
	r := p.request(at)
	if at.err != nil {
		return LinkAdded{}, at.err
	}
	if err := ns.Do(r); errors.Is(err, unix.EEXIST) {
		return p.present(t, ns, err)
	} else if err != nil {
		return LinkAdded{}, err
	}
	return p.complete(t, ns)
}), listed(LinkList, func(p *LinkAddParams) LinkListParams { return LinkListParams{In: p.In} }), nearPeer, "master", "link")

// LinkAddParams is what link.add takes.
type LinkAddParams struct {
	In
	Name  attr.IfName  `cbor:"name" help:"name of the new link"`
	Kind  attr.Kind    `cbor:"kind" help:"kind of the new link"`
	Index *attr.Index  `cbor:"index,omitempty" help:"index of the new link; without it the kernel's choice"`
	Link  *attr.IfName `cbor:"link,omitempty" help:"link that the new one sits on, for macvlan, macvtap and vlan"`
	LinkSettings
	NumTxQueues *attr.QueueCount `cbor:"num_tx_queues,omitempty" help:"number of transmit queues"`
	NumRxQueues *attr.QueueCount `cbor:"num_rx_queues,omitempty" help:"number of receive queues"`
	MACVLAN     *MACVLANOptions  `cbor:"macvlan,omitempty"`
	MACVTAP     *MACVLANOptions  `cbor:"macvtap,omitempty"`
	Peer        *PeerParams      `cbor:"peer,omitempty"`
	VLAN        *VLANOptions     `cbor:"vlan,omitempty"`
	VXLAN       *VXLANOptions    `cbor:"vxlan,omitempty"`
	IfPresent   *attr.Tolerance  `cbor:"if_present,omitempty" help:"ok makes it no error if a link of that name and kind is there already"`
}

// LinkAdded is the result of link.add.
type LinkAdded struct {
	Done
	Index  attr.Index   `cbor:"index" help:"index of the link in its namespace"`
	LLAddr *attr.LLAddr `cbor:"lladdr,omitempty" help:"link-layer address"`
	MTU    attr.MTU     `cbor:"mtu" help:"largest packet in bytes"`
}

// Check says what does not fit the kind of the link. All kinds are Ethernet.
func (p *LinkAddParams) Check() error {
	if err := checkEthernet("lladdr", p.LLAddr); err != nil {
		return err
	}
	return checkKind(p)
}

// request makes the message.
func (p *LinkAddParams) request(at *resolver) *kernel.Request {
	c := p.flags()
	r := kernel.NewRequest(unix.RTM_NEWLINK, netlink.Create|netlink.Excl,
		&rtnetlink.LinkMessage{Index: uint32(value(p.Index)), Flags: c.flags, Change: c.mask})
	r.String("name", unix.IFLA_IFNAME, string(p.Name))
	k, known := kindOf(p.Kind)
	if p.Link != nil {
		r.Uint32("link", unix.IFLA_LINK, at.parent("link", *p.Link, k))
	}
	p.encode(r, at)
	if p.NumTxQueues != nil {
		r.Uint32("num_tx_queues", unix.IFLA_NUM_TX_QUEUES, uint32(*p.NumTxQueues))
	}
	if p.NumRxQueues != nil {
		r.Uint32("num_rx_queues", unix.IFLA_NUM_RX_QUEUES, uint32(*p.NumRxQueues))
	}
	if known {
		k.encodeInfo(r, at, p)
	}
	return r
}

// present is the result where the kernel says that something is there already: a
// link of the name, or something else that had to be new.
func (p *LinkAddParams) present(t *kernel.Task, ns *kernel.Netns, exists error) (LinkAdded, error) {
	index, err := ns.Index("name", p.Name)
	if err != nil {
		return LinkAdded{}, p.collision(t, ns, exists)
	}
	l, err := readLink(ns, index, false)
	switch {
	case err != nil:
		return LinkAdded{}, err
	case value(p.IfPresent) != attr.OK:
		return LinkAdded{}, &kernel.Error{Errno: unix.EEXIST, Attr: "name", Message: "a link has that name"}
	case l.Kind != p.Kind:
		return LinkAdded{}, &kernel.Error{Errno: unix.EEXIST, Attr: "name", Message: "a link of another kind has that name"}
	}
	return added(&l, false), nil
}

// collision explains EEXIST where no link has the name of the new one.
func (p *LinkAddParams) collision(t *kernel.Task, ns *kernel.Netns, exists error) error {
	if p.Index != nil {
		if _, err := readLink(ns, uint32(*p.Index), false); err == nil {
			return &kernel.Error{Errno: unix.EEXIST, Attr: "index", Message: "a link has that number"}
		}
	}
	if p.Peer != nil {
		if peer, err := p.peerNetns(t, ns); err == nil {
			if _, err := peer.Index("peer.name", p.Peer.Name); err == nil {
				return &kernel.Error{Errno: unix.EEXIST, Attr: "peer.name", Message: "a link has that name"}
			}
		}
	}
	return exists // an alternative name
}

// complete adds to the new link what the kernel passes over, or refuses, when it
// makes one. If that fails, the link goes again.
func (p *LinkAddParams) complete(t *kernel.Task, ns *kernel.Netns) (LinkAdded, error) {
	index, err := ns.Index("name", p.Name)
	if err != nil {
		return LinkAdded{}, unknown("the link was made, and cannot be found (%v)", err)
	}
	err = p.setAlias(ns, index)
	if err == nil {
		err = p.setPeerUp(t, ns)
	}
	if err != nil {
		if left := deleteLink(ns, index); left != nil {
			return LinkAdded{}, unknown("the link was made, not completed (%v), and not deleted (%v)", err, left)
		}
		return LinkAdded{}, err
	}
	l, err := readLink(ns, index, false)
	if err != nil {
		return LinkAdded{}, unknown("the link was made, and cannot be read (%v)", err)
	}
	return added(&l, true), nil
}

// setAlias sets the alias, which is passed over in a message that makes a link.
func (p *LinkAddParams) setAlias(ns *kernel.Netns, index uint32) error {
	if p.Alias == nil {
		return nil
	}
	r := kernel.NewRequest(unix.RTM_NEWLINK, 0, &rtnetlink.LinkMessage{Index: index})
	r.Bytes("alias", unix.IFLA_IFALIAS, []byte(*p.Alias))
	return ns.Do(r)
}

// setPeerUp sets the peer up, which cannot be before the pair is complete.
func (p *LinkAddParams) setPeerUp(t *kernel.Task, ns *kernel.Netns) error {
	if p.Peer == nil || !bool(value(p.Peer.Up)) {
		return nil
	}
	peer, err := p.peerNetns(t, ns)
	if err != nil {
		return err
	}
	index, err := peer.Index("peer.name", p.Peer.Name)
	if err != nil {
		return err
	}
	return setLinkUp(peer, index)
}

// peerNetns is the namespace of the peer, ns if it is not named.
func (p *LinkAddParams) peerNetns(t *kernel.Task, ns *kernel.Netns) (*kernel.Netns, error) {
	if p.Peer.NetNS == nil {
		return ns, nil
	}
	return t.At("peer.netns", p.Peer.NetNS)
}

// nearPeer is the other end of a pair if it is made in the same namespace, which may
// have several names.
func nearPeer(t *kernel.Task, p *LinkAddParams) ([]*Link, error) {
	if p.Peer == nil {
		return nil, nil
	}
	if p.Peer.NetNS != nil {
		near, err := t.At("netns", p.NetNS)
		if err != nil {
			return nil, err
		}
		far, err := t.At("peer.netns", p.Peer.NetNS)
		if err != nil || !near.Same(far) {
			return nil, err
		}
	}
	return []*Link{{Name: p.Peer.Name, Kind: p.Kind}}, nil
}

func added(l *Link, changed bool) LinkAdded {
	return LinkAdded{Done: Done{Changed: changed}, Index: l.Index, LLAddr: l.LLAddr, MTU: l.MTU}
}

// unknown is the error where a link was made, and then things went wrong.
func unknown(format string, reasons ...any) error {
	return &protocol.Error{Code: protocol.Unknown, Message: fmt.Sprintf(format, reasons...)}
}
