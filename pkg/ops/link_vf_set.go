package ops

import (
	"encoding/binary"
	"slices"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"golang.org/x/sys/unix"
)

// LinkVFSet changes a virtual function.
var LinkVFSet = define(Op{
	Name:    "link.vf.set",
	Summary: "change a virtual function of an SR-IOV link",
	Doc: "If only one of the two rates is given, the other is read first and stays. With vlan, a qos that is left out is " +
		"0. changed says that the driver took the change, not that it made a difference. A link without virtual functions " +
		"refuses with the errno EOPNOTSUPP, a setting that the hardware lacks with EOPNOTSUPP or EINVAL. (RTM_NEWLINK " +
		"with IFLA_VFINFO_LIST, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p LinkVFSetParams) (Done, error) {
	ns, index, err := p.link(t, p.Dev)
	if err != nil {
		return Done{}, err
	}
	if (p.MaxTxRate == nil) != (p.MinTxRate == nil) {
		if err := p.keepRate(ns, index); err != nil {
			return Done{}, err
		}
	}
	err = ns.Do(p.request(index))
	return Done{Changed: err == nil}, err
})

// LinkVFSetParams is what link.vf.set takes.
type LinkVFSetParams struct {
	In
	Dev          attr.IfName        `cbor:"dev" help:"link that has the virtual function"`
	VF           attr.VF            `cbor:"vf" help:"number of the virtual function"`
	LLAddr       *attr.LLAddr       `cbor:"lladdr,omitempty" help:"Ethernet address"`
	VLAN         *attr.PortVLAN     `cbor:"vlan,omitempty" help:"VLAN that its packets are put into"`
	QoS          *attr.QoS          `cbor:"qos,omitempty" help:"priority in the tag"`
	VLANProtocol *attr.VLANProtocol `cbor:"vlan_protocol,omitempty" pinned:"true" help:"EtherType of the tag; without it 802.1q"`
	MaxTxRate    *attr.Mbit         `cbor:"max_tx_rate,omitempty" help:"highest rate at which it may send"`
	MinTxRate    *attr.Mbit         `cbor:"min_tx_rate,omitempty" help:"rate at which it may send in any case"`
	SpoofChk     *attr.Flag         `cbor:"spoofchk,omitempty" help:"whether packets with a foreign source are dropped"`
	Trust        *attr.Flag         `cbor:"trust,omitempty" help:"whether it may change what the host has set, such as its address"`
	State        *attr.VFState      `cbor:"state,omitempty" help:"link state that it sees"`
	QueryRSS     *attr.Flag         `cbor:"query_rss,omitempty" help:"whether it may ask for the hash of receive scaling"`
}

// Check refuses a change of nothing, and half a VLAN.
func (p *LinkVFSetParams) Check() error {
	if p.VLAN == nil {
		if err := refuse("want vlan with it", has("qos", p.QoS), has("vlan_protocol", p.VLANProtocol)); err != nil {
			return err
		}
	}
	if p.LLAddr == nil && p.VLAN == nil && p.MaxTxRate == nil && p.MinTxRate == nil &&
		p.SpoofChk == nil && p.Trust == nil && p.State == nil && p.QueryRSS == nil {
		return errNothingAsked
	}
	return checkEthernet("lladdr", p.LLAddr)
}

// keepRate fills in the rate that is left out: the kernel takes both.
func (p *LinkVFSetParams) keepRate(ns *kernel.Netns, index uint32) error {
	l, err := readLink(ns, index, true)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(l.VFs, func(vf VF) bool { return vf.VF == p.VF })
	switch {
	case len(l.VFs) == 0:
		return &kernel.Error{Errno: unix.EOPNOTSUPP, Attr: "dev", Message: "the link has no virtual functions"}
	case i < 0:
		return &kernel.Error{Errno: unix.ENOENT, Attr: "vf", Message: "no such virtual function"}
	case l.VFs[i].MaxTxRate == nil:
		return &kernel.Error{Errno: unix.EOPNOTSUPP, Attr: "vf", Message: "the rate to keep is not known"}
	case p.MaxTxRate == nil:
		p.MaxTxRate = l.VFs[i].MaxTxRate
	default:
		p.MinTxRate = l.VFs[i].MinTxRate
	}
	return nil
}

// request makes the message. The structures are those of linux/if_link.h; each
// starts with the number of the function.
func (p *LinkVFSetParams) request(index uint32) *kernel.Request {
	r := kernel.NewRequest(unix.RTM_NEWLINK, 0, &rtnetlink.LinkMessage{Index: index})
	vf := func(numbers ...uint32) []byte {
		b := binary.NativeEndian.AppendUint32(nil, uint32(p.VF))
		for _, n := range numbers {
			b = binary.NativeEndian.AppendUint32(b, n)
		}
		return b
	}
	r.Nest("vf", unix.IFLA_VFINFO_LIST, func() {
		r.Nest("vf", unix.IFLA_VF_INFO, func() {
			if p.LLAddr != nil {
				var mac [32]byte // MAX_ADDR_LEN
				copy(mac[:], p.LLAddr.Bytes())
				r.Bytes("lladdr", unix.IFLA_VF_MAC, append(vf(), mac[:]...))
			}
			switch {
			case p.VLAN != nil && p.VLANProtocol != nil:
				b := binary.BigEndian.AppendUint16(vf(uint32(*p.VLAN), uint32(value(p.QoS))), uint16(*p.VLANProtocol))
				r.Nest("vlan", unix.IFLA_VF_VLAN_LIST, func() {
					r.Bytes("vlan_protocol", unix.IFLA_VF_VLAN_INFO, append(b, 0, 0))
				})
			case p.VLAN != nil:
				r.Bytes("vlan", unix.IFLA_VF_VLAN, vf(uint32(*p.VLAN), uint32(value(p.QoS))))
			}
			if p.MaxTxRate != nil {
				r.Bytes("max_tx_rate", unix.IFLA_VF_RATE, vf(uint32(*p.MinTxRate), uint32(*p.MaxTxRate)))
			}
			if p.SpoofChk != nil {
				r.Bytes("spoofchk", unix.IFLA_VF_SPOOFCHK, vf(uint32(bit(*p.SpoofChk))))
			}
			if p.State != nil {
				r.Bytes("state", unix.IFLA_VF_LINK_STATE, vf(uint32(*p.State)))
			}
			if p.QueryRSS != nil {
				r.Bytes("query_rss", unix.IFLA_VF_RSS_QUERY_EN, vf(uint32(bit(*p.QueryRSS))))
			}
			if p.Trust != nil {
				r.Bytes("trust", unix.IFLA_VF_TRUST, vf(uint32(bit(*p.Trust))))
			}
		})
	})
	return r
}
