package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// vlanKind makes links that carry the packets of one VLAN of their parent.
var vlanKind = linkKind{
	kind:   attr.VLANDev,
	parent: true,
	given:  func(p *LinkAddParams) bool { return p.VLAN != nil },
	check: func(p *LinkAddParams) error {
		if p.VLAN == nil {
			return invalid("vlan.id", "the VLAN has to be named")
		}
		return nil
	},
	encode: func(r *kernel.Request, at *resolver, p *LinkAddParams) {
		encodeOptions(r, at, vlanOptions, p.VLAN)
	},
	decode: func(ad *kernel.Attributes, l *Link) {
		l.VLAN = new(VLANOptions)
		decodeOptions(ad, vlanOptions, l.VLAN)
	},
}

// VLANOptions are the options of a vlan link.
type VLANOptions struct {
	ID            attr.VLAN          `cbor:"id" help:"VLAN id of the packets"`
	Protocol      *attr.VLANProtocol `cbor:"protocol,omitempty" pinned:"true" help:"EtherType of the tag; without it 802.1q"`
	ReorderHeader *attr.Flag         `cbor:"reorder_hdr,omitempty" help:"whether packets are received without the tag"`
	GVRP          *attr.Flag         `cbor:"gvrp,omitempty" help:"whether the VLAN is registered by GVRP"`
	MVRP          *attr.Flag         `cbor:"mvrp,omitempty" help:"whether the VLAN is registered by MVRP"`
	LooseBinding  *attr.Flag         `cbor:"loose_binding,omitempty" help:"whether the link's state does not follow the parent's"`
	BridgeBinding *attr.Flag         `cbor:"bridge_binding,omitempty" help:"whether the link's state follows that of the bridge ports in the VLAN"`
}

var vlanOptions = []option[VLANOptions]{
	{
		typ: unix.IFLA_VLAN_ID,
		encode: func(r *kernel.Request, _ *resolver, o *VLANOptions) {
			r.Uint16("vlan.id", unix.IFLA_VLAN_ID, uint16(o.ID))
		},
		decode: func(ad *kernel.Attributes, o *VLANOptions) { o.ID = attr.VLAN(ad.Uint16()) },
	},
	option16BE("vlan.protocol", unix.IFLA_VLAN_PROTOCOL, func(o *VLANOptions) **attr.VLANProtocol { return &o.Protocol }),
	optionBits(unix.IFLA_VLAN_FLAGS,
		flagBit[VLANOptions]{"vlan.reorder_hdr", vlanReorderHeader, func(o *VLANOptions) **attr.Flag { return &o.ReorderHeader }},
		flagBit[VLANOptions]{"vlan.gvrp", vlanGVRP, func(o *VLANOptions) **attr.Flag { return &o.GVRP }},
		flagBit[VLANOptions]{"vlan.mvrp", vlanMVRP, func(o *VLANOptions) **attr.Flag { return &o.MVRP }},
		flagBit[VLANOptions]{"vlan.loose_binding", vlanLooseBinding, func(o *VLANOptions) **attr.Flag { return &o.LooseBinding }},
		flagBit[VLANOptions]{"vlan.bridge_binding", vlanBridgeBinding, func(o *VLANOptions) **attr.Flag { return &o.BridgeBinding }}),
}
