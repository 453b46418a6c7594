package ops

import (
	"encoding/binary"
	"fmt"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// vxlanKind makes links that carry Ethernet over UDP (RFC 7348).
var vxlanKind = linkKind{
	kind:  attr.VXLAN,
	given: func(p *LinkAddParams) bool { return p.VXLAN != nil },
	check: func(p *LinkAddParams) error {
		if p.VXLAN == nil {
			return invalid("vxlan.id", "the network identifier has to be given, or vxlan.external")
		}
		return p.VXLAN.check()
	},
	encode: func(r *kernel.Request, at *resolver, p *LinkAddParams) {
		encodeOptions(r, at, vxlanOptions, p.VXLAN)
	},
	decode: func(ad *kernel.Attributes, l *Link) {
		l.VXLAN = new(VXLAN)
		for ad.Next() {
			decodeOption(ad, vxlanOptions, &l.VXLAN.VXLANOptions)
			l.VXLAN.decode(ad)
		}
	},
}

// VXLANOptions are the options of a vxlan link.
type VXLANOptions struct {
	ID             *attr.VNI       `cbor:"id,omitempty" help:"network identifier"`
	Group          *attr.Addr      `cbor:"group,omitempty" help:"multicast group, or address of the other end, for destinations that are not known"`
	Local          *attr.Addr      `cbor:"local,omitempty" pinned:"true" help:"source address of the outer header; without it routes decide"`
	Dev            *attr.IfName    `cbor:"dev,omitempty" pinned:"true" help:"link that the outer packets leave through; without it routes decide"`
	Port           *attr.Port      `cbor:"port,omitempty" pinned:"true" help:"destination port; without it 8472, which is not IANA's 4789"`
	PortRange      *attr.PortRange `cbor:"port_range,omitempty" help:"source ports"`
	TTL            *attr.TTL       `cbor:"ttl,omitempty" help:"time to live of the outer header"`
	TTLInherit     *attr.Flag      `cbor:"ttl_inherit,omitempty" help:"whether the time to live is taken from the inner header"`
	TOS            *attr.TOS       `cbor:"tos,omitempty" help:"type of service of the outer header; 0x1 takes it from the inner header"`
	DF             *attr.DF        `cbor:"df,omitempty" help:"don't-fragment bit of the outer header"`
	Label          *attr.FlowLabel `cbor:"label,omitempty" help:"flow label of the outer header"`
	Learning       *attr.Flag      `cbor:"learning,omitempty" pinned:"true" help:"whether the other ends of addresses are learnt from packets; without it they are"`
	Ageing         *attr.Seconds   `cbor:"ageing,omitempty" help:"time after which a learnt entry is forgotten"`
	Limit          *attr.Limit     `cbor:"limit,omitempty" pinned:"true" help:"how many entries there may be; 0 is no limit, as without it"`
	Proxy          *attr.Flag      `cbor:"proxy,omitempty" help:"whether neighbour requests are answered here"`
	RSC            *attr.Flag      `cbor:"rsc,omitempty" help:"whether routing is short-circuited"`
	L2Miss         *attr.Flag      `cbor:"l2miss,omitempty" help:"whether the kernel notifies of unknown Ethernet addresses"`
	L3Miss         *attr.Flag      `cbor:"l3miss,omitempty" help:"whether the kernel notifies of unknown IP addresses"`
	External       *attr.Flag      `cbor:"external,omitempty" help:"whether routes and filters give each packet its tunnel's data, the network identifier included"`
	UDPCsum        *attr.Flag      `cbor:"udp_csum,omitempty" help:"whether packets over IPv4 are sent with a UDP checksum"`
	ZeroCsum6Tx    *attr.Flag      `cbor:"udp_zero_csum6_tx,omitempty" help:"whether packets over IPv6 are sent without a UDP checksum"`
	ZeroCsum6Rx    *attr.Flag      `cbor:"udp_zero_csum6_rx,omitempty" help:"whether packets over IPv6 are received without a UDP checksum"`
	RemCsumTx      *attr.Flag      `cbor:"remcsum_tx,omitempty" help:"whether inner checksums are left to the receiver"`
	RemCsumRx      *attr.Flag      `cbor:"remcsum_rx,omitempty" help:"whether packets whose inner checksum is left to the receiver are received"`
	RemCsumPartial *attr.Flag      `cbor:"remcsum_nopartial,omitempty" help:"whether such a checksum is filled in at once on receipt"`
	GBP            *attr.Flag      `cbor:"gbp,omitempty" help:"whether the header carries a group policy (VXLAN-GBP)"`
	GPE            *attr.Flag      `cbor:"gpe,omitempty" help:"whether the header tells the inner protocol (VXLAN-GPE)"`
	VNIFilter      *attr.Flag      `cbor:"vnifilter,omitempty" since:"5.18" help:"whether the link has a list of network identifiers"`
	LocalBypass    *attr.Flag      `cbor:"localbypass,omitempty" since:"6.5" pinned:"true" help:"whether packets for a tunnel end on this host skip the IP stack; without it they do"`
}

// A VXLAN is what a link of kind vxlan has beside what all links have.
type VXLAN struct {
	VXLANOptions
	DevIndex *attr.Index `cbor:"dev_index,omitempty" help:"index of the link that the outer packets leave through"`
}

// decode reads the current attribute if it is no option.
func (v *VXLAN) decode(ad *kernel.Attributes) {
	if ad.Type() == unix.IFLA_VXLAN_LINK {
		v.DevIndex = decodeIndex(ad)
	}
}

func (o *VXLANOptions) check() error {
	switch {
	case o.ID == nil && !bool(value(o.External)):
		return invalid("vxlan.id", "the network identifier has to be given, or vxlan.external")
	case o.Group != nil && o.Local != nil && o.Group.Is4() != o.Local.Is4():
		return invalid("vxlan.local", "want an address of the same family as vxlan.group")
	}
	return nil
}

var vxlanOptions = []option[VXLANOptions]{
	option32("vxlan.id", unix.IFLA_VXLAN_ID, func(o *VXLANOptions) **attr.VNI { return &o.ID }),
	optionAddr("vxlan.group", unix.IFLA_VXLAN_GROUP, 4, func(o *VXLANOptions) **attr.Addr { return &o.Group }),
	optionAddr("vxlan.group", unix.IFLA_VXLAN_GROUP6, 16, func(o *VXLANOptions) **attr.Addr { return &o.Group }),
	optionAddr("vxlan.local", unix.IFLA_VXLAN_LOCAL, 4, func(o *VXLANOptions) **attr.Addr { return &o.Local }),
	optionAddr("vxlan.local", unix.IFLA_VXLAN_LOCAL6, 16, func(o *VXLANOptions) **attr.Addr { return &o.Local }),
	vxlanDev,
	option16BE("vxlan.port", unix.IFLA_VXLAN_PORT, func(o *VXLANOptions) **attr.Port { return &o.Port }),
	vxlanPortRange,
	option8("vxlan.ttl", unix.IFLA_VXLAN_TTL, func(o *VXLANOptions) **attr.TTL { return &o.TTL }),
	optionPresent("vxlan.ttl_inherit", unix.IFLA_VXLAN_TTL_INHERIT, func(o *VXLANOptions) **attr.Flag { return &o.TTLInherit }),
	option8("vxlan.tos", unix.IFLA_VXLAN_TOS, func(o *VXLANOptions) **attr.TOS { return &o.TOS }),
	option8("vxlan.df", unix.IFLA_VXLAN_DF, func(o *VXLANOptions) **attr.DF { return &o.DF }),
	option32BE("vxlan.label", unix.IFLA_VXLAN_LABEL, func(o *VXLANOptions) **attr.FlowLabel { return &o.Label }),
	optionBool("vxlan.learning", unix.IFLA_VXLAN_LEARNING, func(o *VXLANOptions) **attr.Flag { return &o.Learning }),
	option32("vxlan.ageing", unix.IFLA_VXLAN_AGEING, func(o *VXLANOptions) **attr.Seconds { return &o.Ageing }),
	option32("vxlan.limit", unix.IFLA_VXLAN_LIMIT, func(o *VXLANOptions) **attr.Limit { return &o.Limit }),
	optionBool("vxlan.proxy", unix.IFLA_VXLAN_PROXY, func(o *VXLANOptions) **attr.Flag { return &o.Proxy }),
	optionBool("vxlan.rsc", unix.IFLA_VXLAN_RSC, func(o *VXLANOptions) **attr.Flag { return &o.RSC }),
	optionBool("vxlan.l2miss", unix.IFLA_VXLAN_L2MISS, func(o *VXLANOptions) **attr.Flag { return &o.L2Miss }),
	optionBool("vxlan.l3miss", unix.IFLA_VXLAN_L3MISS, func(o *VXLANOptions) **attr.Flag { return &o.L3Miss }),
	optionBool("vxlan.external", unix.IFLA_VXLAN_COLLECT_METADATA, func(o *VXLANOptions) **attr.Flag { return &o.External }),
	optionBool("vxlan.udp_csum", unix.IFLA_VXLAN_UDP_CSUM, func(o *VXLANOptions) **attr.Flag { return &o.UDPCsum }),
	optionBool("vxlan.udp_zero_csum6_tx", unix.IFLA_VXLAN_UDP_ZERO_CSUM6_TX, func(o *VXLANOptions) **attr.Flag { return &o.ZeroCsum6Tx }),
	optionBool("vxlan.udp_zero_csum6_rx", unix.IFLA_VXLAN_UDP_ZERO_CSUM6_RX, func(o *VXLANOptions) **attr.Flag { return &o.ZeroCsum6Rx }),
	optionBool("vxlan.remcsum_tx", unix.IFLA_VXLAN_REMCSUM_TX, func(o *VXLANOptions) **attr.Flag { return &o.RemCsumTx }),
	optionBool("vxlan.remcsum_rx", unix.IFLA_VXLAN_REMCSUM_RX, func(o *VXLANOptions) **attr.Flag { return &o.RemCsumRx }),
	optionPresent("vxlan.remcsum_nopartial", unix.IFLA_VXLAN_REMCSUM_NOPARTIAL, func(o *VXLANOptions) **attr.Flag { return &o.RemCsumPartial }),
	optionPresent("vxlan.gbp", unix.IFLA_VXLAN_GBP, func(o *VXLANOptions) **attr.Flag { return &o.GBP }),
	optionPresent("vxlan.gpe", unix.IFLA_VXLAN_GPE, func(o *VXLANOptions) **attr.Flag { return &o.GPE }),
	optionBool("vxlan.vnifilter", unix.IFLA_VXLAN_VNIFILTER, func(o *VXLANOptions) **attr.Flag { return &o.VNIFilter }),
	optionBool("vxlan.localbypass", unix.IFLA_VXLAN_LOCALBYPASS, func(o *VXLANOptions) **attr.Flag { return &o.LocalBypass }),
}

// vxlanDev is written only. What is read is an index, in VXLAN.
var vxlanDev = option[VXLANOptions]{
	typ: unix.IFLA_VXLAN_LINK,
	encode: func(r *kernel.Request, at *resolver, o *VXLANOptions) {
		if o.Dev != nil {
			r.Uint32("vxlan.dev", unix.IFLA_VXLAN_LINK, at.link("vxlan.dev", *o.Dev))
		}
	},
	decode: func(*kernel.Attributes, *VXLANOptions) {},
}

// vxlanPortRange is a structure of two ports in network byte order
// (ifla_vxlan_port_range). Two zeros leave the choice to the kernel.
var vxlanPortRange = option[VXLANOptions]{
	typ: unix.IFLA_VXLAN_PORT_RANGE,
	encode: func(r *kernel.Request, _ *resolver, o *VXLANOptions) {
		if o.PortRange != nil {
			b := binary.BigEndian.AppendUint16(nil, uint16(o.PortRange.From))
			r.Bytes("vxlan.port_range", unix.IFLA_VXLAN_PORT_RANGE, binary.BigEndian.AppendUint16(b, uint16(o.PortRange.To)))
		}
	},
	decode: func(ad *kernel.Attributes, o *VXLANOptions) {
		ad.Do(func(b []byte) error {
			if len(b) != 4 {
				return fmt.Errorf("attribute %d: %d bytes are no range of ports", unix.IFLA_VXLAN_PORT_RANGE, len(b))
			}
			from, to := binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:])
			if from != 0 || to != 0 {
				o.PortRange = &attr.PortRange{From: attr.Port(from), To: attr.Port(to)}
			}
			return nil
		})
	},
}
