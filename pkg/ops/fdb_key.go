package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// An FDBKey tells one forwarding entry, or one destination of it, from another.
type FDBKey struct {
	In
	Dev    attr.IfName  `cbor:"dev" help:"link whose entry it is"`
	LLAddr attr.LLAddr  `cbor:"lladdr" help:"link-layer address; 00:00:00:00:00:00 of a vxlan link is any that has no entry"`
	Self   *attr.Flag   `cbor:"self,omitempty" pinned:"true" help:"on for the table of the link itself; without it on unless master is"`
	Master *attr.Flag   `cbor:"master,omitempty" pinned:"true" help:"on for the table of the bridge that the link is a port of"`
	VLAN   *attr.VLAN   `cbor:"vlan,omitempty" pinned:"true" help:"VLAN of the address; without it every VLAN of a bridge that tells them apart"`
	Dst    *attr.Addr   `cbor:"dst,omitempty" pinned:"true" help:"tunnel end that has the address; without it every one of the entry"`
	Port   *attr.Port   `cbor:"port,omitempty" pinned:"true" help:"UDP port of the tunnel end; without it that of the link"`
	VNI    *attr.VNI    `cbor:"vni,omitempty" pinned:"true" help:"network identifier to send with; without it that of the link"`
	SrcVNI *attr.VNI    `cbor:"src_vni,omitempty" pinned:"true" help:"network identifier of the frames that the entry is for; without it that of the link"`
	Via    *attr.IfName `cbor:"via,omitempty" pinned:"true" help:"link to the tunnel end; without it the kernel looks for a route"`
}

// check says why the attributes do not fit each other. The kernel passes over
// what narrows a destination down if there is no destination, and over all of a
// destination in the table of a bridge, as over a state beside use there.
func (k *FDBKey) check(o *FDBOptions) error {
	if k.Self != nil && !bool(*k.Self) && !bool(value(k.Master)) {
		return invalid("self", "want self or master")
	}
	for _, part := range []struct {
		name  string
		given bool
	}{
		{"port", k.Port != nil}, {"vni", k.VNI != nil}, {"via", k.Via != nil},
	} {
		if part.given && k.Dst == nil {
			return invalid(part.name, "want dst with it")
		}
	}
	for _, part := range []struct {
		name  string
		given bool
	}{
		{"dst", k.Dst != nil}, {"src_vni", k.SrcVNI != nil}, {"nhid", o.NHID != nil},
	} {
		if part.given && k.tables() == unix.NTF_MASTER {
			return invalid(part.name, "the table of a bridge knows no tunnels: want self=on as well")
		}
	}
	if value(o.Use) && value(k.Master) && value(o.State) != attr.FDBDynamic {
		return invalid("state", "an entry of a bridge that counts as used is dynamic")
	}
	if o.NHID != nil && k.Dst != nil {
		return invalid("nhid", "dst is given")
	}
	if o.NHID != nil && *o.NHID == 0 {
		return invalid("nhid", "want 1 or more")
	}
	return nil
}

// send resolves the links and sends the message that encode makes of them.
func (k *FDBKey) send(t *kernel.Task, encode func(index, via uint32) *kernel.Request) error {
	ns, index, via, err := k.resolve(t)
	if err != nil {
		return err
	}
	return ns.Do(encode(index, via))
}

// resolve opens the namespace and resolves the links.
func (k *FDBKey) resolve(t *kernel.Task) (ns *kernel.Netns, index, via uint32, err error) {
	if ns, err = t.In(k.NetNS); err != nil {
		return nil, 0, 0, err
	}
	if index, err = ns.Index("dev", k.Dev); err != nil {
		return nil, 0, 0, err
	}
	if k.Via != nil {
		if via, err = ns.Index("via", *k.Via); err != nil {
			return nil, 0, 0, err
		}
	}
	return ns, index, via, nil
}

// tables returns the flags that pick the table, or both.
func (k *FDBKey) tables() (flags uint8) {
	if value(k.Master) {
		flags |= unix.NTF_MASTER
	}
	if value(k.Self) || flags == 0 {
		flags |= unix.NTF_SELF
	}
	return flags
}

// encode starts a message about the entry. What is not given is not sent: to a
// vxlan link an index of 0 is a link that does not exist.
func (k *FDBKey) encode(typ uint16, flags netlink.HeaderFlags, state uint16, entryFlags uint8, index, via uint32) *kernel.Request {
	r := kernel.NewRequest(typ, flags, &rtnetlink.NeighMessage{
		Family: unix.AF_BRIDGE,
		Index:  index,
		State:  state,
		Flags:  k.tables() | entryFlags,
	})
	r.Bytes("lladdr", unix.NDA_LLADDR, k.LLAddr.Bytes())
	if k.Dst != nil {
		r.Addr("dst", unix.NDA_DST, k.Dst.Addr)
	}
	if k.VLAN != nil {
		r.Uint16("vlan", unix.NDA_VLAN, uint16(*k.VLAN))
	}
	if k.Port != nil {
		r.Uint16BE("port", unix.NDA_PORT, uint16(*k.Port))
	}
	if k.VNI != nil {
		r.Uint32("vni", unix.NDA_VNI, uint32(*k.VNI))
	}
	if k.SrcVNI != nil {
		r.Uint32("src_vni", unix.NDA_SRC_VNI, uint32(*k.SrcVNI))
	}
	if k.Via != nil {
		r.Uint32("via", unix.NDA_IFINDEX, via)
	}
	return r
}
