package ops

import (
	"encoding/binary"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// A VF is a virtual function of an SR-IOV link. What the driver does not tell is
// left out.
type VF struct {
	VF           attr.VF            `cbor:"vf" help:"number of the virtual function"`
	LLAddr       *attr.LLAddr       `cbor:"lladdr,omitempty" help:"Ethernet address"`
	Broadcast    *attr.LLAddr       `cbor:"broadcast,omitempty" help:"broadcast address"`
	VLAN         *attr.PortVLAN     `cbor:"vlan,omitempty" help:"VLAN that its packets are put into"`
	QoS          *attr.QoS          `cbor:"qos,omitempty" help:"priority in the tag"`
	VLANProtocol *attr.VLANProtocol `cbor:"vlan_protocol,omitempty" help:"EtherType of the tag"`
	MaxTxRate    *attr.Mbit         `cbor:"max_tx_rate,omitempty" help:"highest rate at which it may send"`
	MinTxRate    *attr.Mbit         `cbor:"min_tx_rate,omitempty" help:"rate at which it may send in any case"`
	SpoofChk     *attr.Flag         `cbor:"spoofchk,omitempty" help:"whether packets with a foreign source are dropped"`
	Trust        *attr.Flag         `cbor:"trust,omitempty" help:"whether it may change what the host has set, such as its address"`
	State        *attr.VFState      `cbor:"state,omitempty" help:"link state that it sees"`
	QueryRSS     *attr.Flag         `cbor:"query_rss,omitempty" help:"whether it may ask for the hash of receive scaling"`
}

// vfUnset is what the kernel shows for a setting that the driver does not tell.
const vfUnset = 1<<32 - 1

// decodeVFs reads IFLA_VFINFO_LIST.
func (l *Link) decodeVFs(ad *kernel.Attributes) error {
	for ad.Next() {
		if ad.Type() != unix.IFLA_VF_INFO {
			continue
		}
		ad.Nested(func(ad *kernel.Attributes) error {
			var vf VF
			for ad.Next() {
				vf.decode(ad)
			}
			l.VFs = append(l.VFs, vf)
			return nil
		})
	}
	return nil
}

// decode reads the current attribute of IFLA_VF_INFO. Each is a structure that
// starts with the number of the function.
func (vf *VF) decode(ad *kernel.Attributes) {
	switch ad.Type() {
	case unix.IFLA_VF_MAC:
		// The address fills MAX_ADDR_LEN; SR-IOV links with others than Ethernet
		// addresses have a GUID instead.
		b := exactBytes(ad, 4+32)
		vf.VF = attr.VF(binary.NativeEndian.Uint32(b))
		vf.LLAddr = new(attr.LLAddrFrom(b[4 : 4+ethernetLen]))
	case unix.IFLA_VF_BROADCAST:
		vf.Broadcast = new(attr.LLAddrFrom(exactBytes(ad, 32)[:ethernetLen]))
	case unix.IFLA_VF_VLAN:
		n := vf.numbers(ad, 3)
		vf.VLAN, vf.QoS = new(attr.PortVLAN(n[1])), new(attr.QoS(n[2]))
	case unix.IFLA_VF_VLAN_LIST:
		ad.Nested(func(ad *kernel.Attributes) error {
			for ad.Next() {
				if ad.Type() == unix.IFLA_VF_VLAN_INFO {
					// The structure is padded to a multiple of 4 bytes.
					vf.VLANProtocol = new(attr.VLANProtocol(binary.BigEndian.Uint16(exactBytes(ad, 16)[12:])))
				}
			}
			return nil
		})
	case unix.IFLA_VF_RATE:
		n := vf.numbers(ad, 3)
		vf.MinTxRate, vf.MaxTxRate = new(attr.Mbit(n[1])), new(attr.Mbit(n[2]))
	case unix.IFLA_VF_SPOOFCHK:
		vf.SpoofChk = vf.setting(ad)
	case unix.IFLA_VF_TRUST:
		vf.Trust = vf.setting(ad)
	case unix.IFLA_VF_RSS_QUERY_EN:
		vf.QueryRSS = vf.setting(ad)
	case unix.IFLA_VF_LINK_STATE:
		vf.State = new(attr.VFState(vf.numbers(ad, 2)[1]))
	}
}

// setting reads a structure of the function's number and a flag.
func (vf *VF) setting(ad *kernel.Attributes) *attr.Flag {
	v := vf.numbers(ad, 2)[1]
	if v == vfUnset {
		return nil
	}
	return new(attr.Flag(v != 0))
}

// numbers reads a structure of n numbers of 32 bits, the first that of the
// function.
func (vf *VF) numbers(ad *kernel.Attributes, n int) []uint32 {
	b, list := exactBytes(ad, 4*n), make([]uint32, n)
	for i := range list {
		list[i] = binary.NativeEndian.Uint32(b[4*i:])
	}
	vf.VF = attr.VF(list[0])
	return list
}
