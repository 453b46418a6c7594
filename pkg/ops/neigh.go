package ops

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// A Neigh is an entry of the table of neighbours as the kernel has it.
type Neigh struct {
	Dst      attr.Addr           `cbor:"dst" help:"address of the neighbour"`
	Dev      *attr.IfName        `cbor:"dev,omitempty" help:"link that it is on"`
	Index    *attr.Index         `cbor:"ifindex,omitempty" wide:"true" help:"index of that link"`
	LLAddr   *attr.LLAddr        `cbor:"lladdr,omitempty" help:"link-layer address of the neighbour, if known"`
	State    []string            `cbor:"state,omitempty" help:"states, as ip-neighbour(8) names them"`
	Flags    []string            `cbor:"flags,omitempty" help:"flags, as ip-neighbour(8) names them"`
	Protocol *attr.RouteProtocol `cbor:"protocol,omitempty" wide:"true" help:"who made the entry"`
}

// A neighMessage is what messages RTM_NEWNEIGH of all families have.
type neighMessage struct {
	family   uint8
	index    uint32
	state    uint16
	flags    uint32 // the extended ones above the lowest byte
	dst      netip.Addr
	lladdr   *attr.LLAddr
	protocol *attr.RouteProtocol
}

// flagsExtShift is where extended flags stand in neighMessage.flags.
const flagsExtShift = 8

// neighFlags are the words for them.
var neighFlags = []bitWord{
	{unix.NTF_USE, "use"},
	{unix.NTF_SELF, "self"},
	{unix.NTF_MASTER, "master"},
	{unix.NTF_PROXY, "proxy"},
	{unix.NTF_EXT_LEARNED, "extern_learn"},
	{unix.NTF_OFFLOADED, "offload"},
	{ntfSticky, "sticky"},
	{unix.NTF_ROUTER, "router"},
	{ntfExtManaged << flagsExtShift, "managed"},
	{ntfExtLocked << flagsExtShift, "locked"},
	{ntfExtValidated << flagsExtShift, "extern_valid"},
}

// decodeNeighHeader reads the fixed header of a message RTM_NEWNEIGH, and returns
// the attributes behind it.
func decodeNeighHeader(b []byte) (neighMessage, *kernel.Attributes, error) {
	if len(b) < unix.SizeofNdMsg {
		return neighMessage{}, nil, fmt.Errorf("neighbour message of %d bytes", len(b))
	}
	m := neighMessage{
		family: b[0],
		index:  binary.NativeEndian.Uint32(b[4:]),
		state:  binary.NativeEndian.Uint16(b[8:]),
		flags:  uint32(b[10]),
	}
	ad, err := kernel.NewAttributes(b[unix.SizeofNdMsg:])
	return m, ad, err
}

// decode takes in the current attribute if entries of all families have it.
func (m *neighMessage) decode(ad *kernel.Attributes) {
	switch ad.Type() {
	case unix.NDA_DST:
		m.dst = decodeAddr(ad)
	case unix.NDA_LLADDR:
		m.lladdr = decodeLLAddr(ad)
	case ndaProtocol:
		m.protocol = new(attr.RouteProtocol(ad.Uint8()))
	case ndaFlagsExt:
		m.flags |= ad.Uint32() << flagsExtShift
	}
}

// decodeNeigh reads a message RTM_NEWNEIGH about an IPv4 or IPv6 neighbour. The
// link has an index and no name.
func decodeNeigh(b []byte) (Neigh, error) {
	m, ad, err := decodeNeighHeader(b)
	if err != nil {
		return Neigh{}, err
	}
	for ad.Next() {
		m.decode(ad)
	}
	if err := ad.Err(); err != nil {
		return Neigh{}, fmt.Errorf("neighbour message: %w", err)
	}
	if !m.dst.IsValid() {
		return Neigh{}, fmt.Errorf("neighbour message without an address")
	}
	return Neigh{
		Dst:      attr.Addr{Addr: m.dst},
		Index:    indexOrNil(m.index),
		LLAddr:   m.lladdr,
		State:    neighStates(m.state),
		Flags:    bitWords(m.flags, neighFlags),
		Protocol: m.protocol,
	}, nil
}

// neighStates returns the words for a combination of states.
func neighStates(state uint16) []string {
	if state == unix.NUD_NONE {
		return []string{attr.NeighState(state).String()}
	}
	var words []string
	for bit := uint16(1); bit != 0; bit <<= 1 {
		if state&bit != 0 {
			words = append(words, attr.NeighState(bit).String())
		}
	}
	return words
}
