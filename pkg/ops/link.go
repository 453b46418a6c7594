package ops

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// A Link is a link as the kernel shows it. A text of the kernel that is not UTF-8
// has replacement characters; the index identifies a link in any case.
type Link struct {
	Index          attr.Index       `cbor:"index" help:"index of the link in its namespace"`
	Name           attr.IfName      `cbor:"name" help:"canonical name"`
	AltNames       []string         `cbor:"altnames,omitempty" wide:"true" help:"other names"`
	Kind           attr.Kind        `cbor:"kind,omitempty" help:"kind of the link, if the kernel tells one"`
	SlaveKind      string           `cbor:"slave_kind,omitempty" wide:"true" help:"kind of port that the link is to its master, such as bridge"`
	MTU            attr.MTU         `cbor:"mtu" help:"largest packet in bytes"`
	MinMTU         attr.MTU         `cbor:"min_mtu,omitempty" wide:"true" help:"smallest mtu that can be set"`
	MaxMTU         attr.MTU         `cbor:"max_mtu,omitempty" wide:"true" help:"largest mtu that can be set"`
	LLAddr         *attr.LLAddr     `cbor:"lladdr,omitempty" help:"link-layer address"`
	PermLLAddr     *attr.LLAddr     `cbor:"perm_lladdr,omitempty" wide:"true" help:"link-layer address that is set in the hardware"`
	Broadcast      *attr.LLAddr     `cbor:"broadcast,omitempty" wide:"true" help:"broadcast address; of a point-to-point link the address of the other end"`
	Flags          []string         `cbor:"flags,omitempty" help:"flags, as ip(8) writes them"`
	OperState      string           `cbor:"operstate" help:"operational state (RFC 2863), as ip(8) writes it"`
	LinkMode       string           `cbor:"linkmode" wide:"true" help:"DORMANT if a program decides when the link counts as up"`
	Carrier        attr.Flag        `cbor:"carrier" wide:"true" help:"whether there is a carrier"`
	CarrierChanges uint32           `cbor:"carrier_changes" wide:"true" help:"how often the carrier has come or gone"`
	QDisc          string           `cbor:"qdisc,omitempty" wide:"true" help:"queueing discipline"`
	TxQLen         attr.QueueLength `cbor:"txqlen" wide:"true" help:"length of the transmit queue"`
	Group          attr.LinkGroup   `cbor:"group" wide:"true" help:"group of links"`
	Master         *attr.IfName     `cbor:"master,omitempty" help:"link that this one is a port of"`
	MasterIndex    *attr.Index      `cbor:"master_index,omitempty" wide:"true" help:"index of the master"`
	Link           *attr.IfName     `cbor:"link,omitempty" help:"link that this one sits on, or the peer, if in this namespace"`
	LinkIndex      *attr.Index      `cbor:"link_index,omitempty" wide:"true" help:"index of that link in its namespace"`
	LinkNetNSID    *int32           `cbor:"link_netnsid,omitempty" wide:"true" help:"id (nsid) of that link's namespace, if it is another one"`
	Alias          string           `cbor:"alias,omitempty" wide:"true" help:"free text"`
	Promiscuity    uint32           `cbor:"promiscuity" wide:"true" help:"how many users have asked for promiscuous mode"`
	AllMulti       uint32           `cbor:"allmulti" wide:"true" help:"how many users have asked for all multicast packets"`
	NumTxQueues    uint32           `cbor:"num_tx_queues" wide:"true" help:"number of transmit queues"`
	NumRxQueues    uint32           `cbor:"num_rx_queues" wide:"true" help:"number of receive queues"`
	GSOMaxSize     uint32           `cbor:"gso_max_size" wide:"true" help:"largest packet that the stack hands down to be segmented, in bytes"`
	GSOMaxSegs     uint32           `cbor:"gso_max_segs" wide:"true" help:"most segments that such a packet becomes"`
	GSOIPv4MaxSize uint32           `cbor:"gso_ipv4_max_size,omitempty" wide:"true" help:"largest IPv4 packet that the stack hands down to be segmented, in bytes"`
	TSOMaxSize     uint32           `cbor:"tso_max_size,omitempty" wide:"true" help:"largest packet that the hardware segments, in bytes"`
	TSOMaxSegs     uint32           `cbor:"tso_max_segs,omitempty" wide:"true" help:"most segments that the hardware makes"`
	GROMaxSize     uint32           `cbor:"gro_max_size,omitempty" wide:"true" help:"largest packet that is put together on receipt, in bytes"`
	GROIPv4MaxSize uint32           `cbor:"gro_ipv4_max_size,omitempty" wide:"true" help:"largest IPv4 packet that is put together on receipt, in bytes"`
	PhysPortName   string           `cbor:"phys_port_name,omitempty" wide:"true" help:"name of the physical port"`
	PhysPortID     string           `cbor:"phys_port_id,omitempty" wide:"true" help:"identity of the physical port, in hexadecimal"`
	PhysSwitchID   string           `cbor:"phys_switch_id,omitempty" wide:"true" help:"identity of the switch, in hexadecimal"`
	ParentDev      string           `cbor:"parent_dev,omitempty" wide:"true" help:"device that provides the link"`
	ParentBus      string           `cbor:"parent_bus,omitempty" wide:"true" help:"bus of that device"`
	AddrGenMode    string           `cbor:"addrgenmode,omitempty" wide:"true" help:"how IPv6 addresses are made, as ip(8) writes it"`
	NumVF          uint32           `cbor:"num_vf,omitempty" wide:"true" help:"number of virtual functions"`
	VFs            []VF             `cbor:"vfs,omitempty" wide:"true" help:"virtual functions, if vfs=on asks for them"`
	Bridge         *Bridge          `cbor:"bridge,omitempty" wide:"true" help:"what bridges have besides"`
	MACVLAN        *MACVLANOptions  `cbor:"macvlan,omitempty" wide:"true" help:"what macvlan links have besides"`
	MACVTAP        *MACVLANOptions  `cbor:"macvtap,omitempty" wide:"true" help:"what macvtap links have besides"`
	VLAN           *VLANOptions     `cbor:"vlan,omitempty" wide:"true" help:"what vlan links have besides"`
	VXLAN          *VXLAN           `cbor:"vxlan,omitempty" wide:"true" help:"what vxlan links have besides"`
}

// decodeLink reads the body of a RTM_NEWLINK.
func decodeLink(body []byte) (Link, error) {
	var l Link
	if len(body) < unix.SizeofIfInfomsg {
		return l, fmt.Errorf("link: a message of %d bytes", len(body))
	}
	l.Index = attr.Index(binary.NativeEndian.Uint32(body[4:]))
	l.Flags = flagWords(binary.NativeEndian.Uint32(body[8:]))
	ad, err := kernel.NewAttributes(body[unix.SizeofIfInfomsg:])
	if err != nil {
		return l, fmt.Errorf("link %d: %w", l.Index, err)
	}
	for ad.Next() {
		l.decode(ad)
	}
	if err := ad.Err(); err != nil {
		return l, fmt.Errorf("link %d: %w", l.Index, err)
	}
	return l, nil
}

// decode reads the current attribute.
func (l *Link) decode(ad *kernel.Attributes) {
	switch ad.Type() {
	case unix.IFLA_IFNAME:
		l.Name = attr.IfName(decodeText(ad))
	case unix.IFLA_PROP_LIST:
		ad.Nested(func(ad *kernel.Attributes) error {
			for ad.Next() {
				if ad.Type() == unix.IFLA_ALT_IFNAME {
					l.AltNames = append(l.AltNames, decodeText(ad))
				}
			}
			return nil
		})
	case unix.IFLA_LINKINFO:
		ad.Nested(l.decodeInfo)
	case unix.IFLA_MTU:
		l.MTU = attr.MTU(ad.Uint32())
	case unix.IFLA_MIN_MTU:
		l.MinMTU = attr.MTU(ad.Uint32())
	case unix.IFLA_MAX_MTU:
		l.MaxMTU = attr.MTU(ad.Uint32())
	case unix.IFLA_ADDRESS:
		l.LLAddr = decodeLLAddr(ad)
	case unix.IFLA_PERM_ADDRESS:
		l.PermLLAddr = decodeLLAddr(ad)
	case unix.IFLA_BROADCAST:
		l.Broadcast = decodeLLAddr(ad)
	case unix.IFLA_OPERSTATE:
		l.OperState = wordOf(operStates, ad.Uint8())
	case unix.IFLA_LINKMODE:
		l.LinkMode = wordOf(linkModes, ad.Uint8())
	case unix.IFLA_CARRIER:
		l.Carrier = ad.Uint8() != 0
	case unix.IFLA_CARRIER_CHANGES:
		l.CarrierChanges = ad.Uint32()
	case unix.IFLA_QDISC:
		l.QDisc = decodeText(ad)
	case unix.IFLA_TXQLEN:
		l.TxQLen = attr.QueueLength(ad.Uint32())
	case unix.IFLA_GROUP:
		l.Group = attr.LinkGroup(ad.Uint32())
	case unix.IFLA_MASTER:
		l.MasterIndex = decodeIndex(ad)
	case unix.IFLA_LINK:
		l.LinkIndex = decodeIndex(ad)
	case unix.IFLA_LINK_NETNSID:
		l.LinkNetNSID = new(ad.Int32())
	case unix.IFLA_IFALIAS:
		l.Alias = decodeText(ad)
	case unix.IFLA_PROMISCUITY:
		l.Promiscuity = ad.Uint32()
	case unix.IFLA_ALLMULTI:
		l.AllMulti = ad.Uint32()
	case unix.IFLA_NUM_TX_QUEUES:
		l.NumTxQueues = ad.Uint32()
	case unix.IFLA_NUM_RX_QUEUES:
		l.NumRxQueues = ad.Uint32()
	case unix.IFLA_GSO_MAX_SIZE:
		l.GSOMaxSize = ad.Uint32()
	case unix.IFLA_GSO_MAX_SEGS:
		l.GSOMaxSegs = ad.Uint32()
	case unix.IFLA_GSO_IPV4_MAX_SIZE:
		l.GSOIPv4MaxSize = ad.Uint32()
	case unix.IFLA_TSO_MAX_SIZE:
		l.TSOMaxSize = ad.Uint32()
	case unix.IFLA_TSO_MAX_SEGS:
		l.TSOMaxSegs = ad.Uint32()
	case unix.IFLA_GRO_MAX_SIZE:
		l.GROMaxSize = ad.Uint32()
	case unix.IFLA_GRO_IPV4_MAX_SIZE:
		l.GROIPv4MaxSize = ad.Uint32()
	case unix.IFLA_PHYS_PORT_NAME:
		l.PhysPortName = decodeText(ad)
	case unix.IFLA_PHYS_PORT_ID:
		l.PhysPortID = hex.EncodeToString(ad.Bytes())
	case unix.IFLA_PHYS_SWITCH_ID:
		l.PhysSwitchID = hex.EncodeToString(ad.Bytes())
	case unix.IFLA_PARENT_DEV_NAME:
		l.ParentDev = decodeText(ad)
	case unix.IFLA_PARENT_DEV_BUS_NAME:
		l.ParentBus = decodeText(ad)
	case unix.IFLA_AF_SPEC:
		ad.Nested(l.decodeFamilies)
	case unix.IFLA_NUM_VF:
		l.NumVF = ad.Uint32()
	case unix.IFLA_VFINFO_LIST:
		ad.Nested(l.decodeVFs)
	}
}

// decodeInfo reads IFLA_LINKINFO. The kind comes before its data.
func (l *Link) decodeInfo(ad *kernel.Attributes) error {
	for ad.Next() {
		switch ad.Type() {
		case unix.IFLA_INFO_KIND:
			l.Kind = attr.Kind(decodeText(ad))
		case unix.IFLA_INFO_SLAVE_KIND:
			l.SlaveKind = decodeText(ad)
		case unix.IFLA_INFO_DATA:
			if k, ok := kindOf(l.Kind); ok && k.decode != nil {
				ad.Nested(func(ad *kernel.Attributes) error {
					k.decode(ad, l)
					return nil
				})
			}
		}
	}
	return nil
}

// decodeFamilies reads IFLA_AF_SPEC: what the address families have to say of a
// link.
func (l *Link) decodeFamilies(ad *kernel.Attributes) error {
	for ad.Next() {
		if ad.Type() != unix.AF_INET6 {
			continue
		}
		ad.Nested(func(ad *kernel.Attributes) error {
			for ad.Next() {
				if ad.Type() == unix.IFLA_INET6_ADDR_GEN_MODE {
					l.AddrGenMode = wordOf(addrGenModes, ad.Uint8())
				}
			}
			return nil
		})
	}
	return nil
}
