package ops

import (
	"fmt"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// An FDB is an entry of a forwarding table as the kernel has it: where frames go
// that are for a link-layer address.
type FDB struct {
	LLAddr      attr.LLAddr    `cbor:"lladdr" help:"link-layer address"`
	Dev         *attr.IfName   `cbor:"dev,omitempty" help:"link that the address is behind, or the bridge itself"`
	Index       attr.Index     `cbor:"ifindex" wide:"true" help:"index of that link"`
	Master      *attr.IfName   `cbor:"master,omitempty" help:"bridge whose table has the entry"`
	MasterIndex *attr.Index    `cbor:"master_index,omitempty" wide:"true" help:"index of the bridge"`
	VLAN        *attr.VLAN     `cbor:"vlan,omitempty" help:"VLAN of the address"`
	Dst         *attr.Addr     `cbor:"dst,omitempty" help:"tunnel end that the address is behind"`
	Port        *attr.Port     `cbor:"port,omitempty" wide:"true" help:"UDP port of the tunnel end"`
	VNI         *attr.VNI      `cbor:"vni,omitempty" wide:"true" help:"network identifier to send with"`
	SrcVNI      *attr.VNI      `cbor:"src_vni,omitempty" wide:"true" help:"network identifier that frames have for the entry to apply"`
	Via         *attr.IfName   `cbor:"via,omitempty" wide:"true" help:"link that the tunnel end is reached by"`
	ViaIndex    *attr.Index    `cbor:"via_index,omitempty" wide:"true" help:"index of that link"`
	NHID        *attr.Quantity `cbor:"nhid,omitempty" wide:"true" help:"next hop object that the entry uses"`
	State       string         `cbor:"state" help:"permanent, static, dynamic, or stale for a dynamic one not used for long"`
	Flags       []string       `cbor:"flags,omitempty" help:"flags, as bridge(8) names them"`
}

// stale is the state of a dynamic entry that has not been used for long.
const stale = "stale"

// decodeFDB reads a message RTM_NEWNEIGH about a forwarding entry. Links have an
// index and no name.
func decodeFDB(b []byte) (FDB, error) {
	m, ad, err := decodeNeighHeader(b)
	if err != nil {
		return FDB{}, err
	}
	if m.family != unix.AF_BRIDGE {
		return FDB{}, fmt.Errorf("forwarding entry of family %d", m.family)
	}
	f := FDB{Index: attr.Index(m.index), State: fdbState(m.state)}
	for ad.Next() {
		m.decode(ad)
		f.decode(ad)
	}
	if err := ad.Err(); err != nil {
		return FDB{}, fmt.Errorf("forwarding entry: %w", err)
	}
	if m.lladdr == nil {
		return FDB{}, fmt.Errorf("forwarding entry without an address")
	}
	f.LLAddr = *m.lladdr
	if m.dst.IsValid() {
		f.Dst = &attr.Addr{Addr: m.dst}
	}
	f.Flags = bitWords(m.flags, neighFlags)
	return f, nil
}

// decode takes in the current attribute if forwarding entries alone have it.
func (f *FDB) decode(ad *kernel.Attributes) {
	switch ad.Type() {
	case unix.NDA_MASTER:
		f.MasterIndex = decodeIndex(ad)
	case unix.NDA_VLAN:
		f.VLAN = new(attr.VLAN(ad.Uint16()))
	case unix.NDA_PORT:
		f.Port = new(attr.Port(bigEndian16(ad)))
	case unix.NDA_VNI:
		f.VNI = new(attr.VNI(ad.Uint32()))
	case unix.NDA_SRC_VNI:
		f.SrcVNI = new(attr.VNI(ad.Uint32()))
	case unix.NDA_IFINDEX:
		f.ViaIndex = decodeIndex(ad)
	case ndaNHID:
		f.NHID = new(attr.Quantity(ad.Uint32()))
	}
}

// fdbState returns the word that bridge(8) has for the states of a forwarding
// entry; an entry without any is dynamic.
func fdbState(state uint16) string {
	switch {
	case state&unix.NUD_PERMANENT != 0:
		return string(attr.FDBPermanent)
	case state&unix.NUD_NOARP != 0:
		return string(attr.FDBStatic)
	case state&unix.NUD_STALE != 0:
		return stale
	}
	return string(attr.FDBDynamic)
}
