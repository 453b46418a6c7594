package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// An FDBKey tells one forwarding entry, or one destination of it, from another.
type FDBKey struct {
	In
	Dev    attr.IfName  `cbor:"dev" help:"link whose entry it is"`
	LLAddr attr.LLAddr  `cbor:"lladdr" help:"link-layer address; on a vxlan link 00:00:00:00:00:00 stands for all without an entry"`
	Self   *attr.Flag   `cbor:"self,omitempty" pinned:"true" help:"on for the table of the link itself; without it on, unless master is"`
	Master *attr.Flag   `cbor:"master,omitempty" pinned:"true" help:"on for the table of the bridge that the link is a port of; without it off"`
	VLAN   *attr.VLAN   `cbor:"vlan,omitempty" pinned:"true" help:"VLAN of the address; without it, on a bridge that filters VLANs, every VLAN"`
	Dst    *attr.Addr   `cbor:"dst,omitempty" pinned:"true" help:"tunnel end that the address is behind; without it fdb.delete takes all of the entry"`
	Port   *attr.Port   `cbor:"port,omitempty" pinned:"true" help:"UDP port of the tunnel end; without it that of the link"`
	VNI    *attr.VNI    `cbor:"vni,omitempty" pinned:"true" help:"network identifier to send with; without it that of the link"`
	SrcVNI *attr.VNI    `cbor:"src_vni,omitempty" pinned:"true" help:"network identifier that frames have for the entry to apply; without it that of the link"`
	Via    *attr.IfName `cbor:"via,omitempty" pinned:"true" help:"link that the tunnel end is reached by; without it routes decide"`
}

// check says why the attributes do not fit each other. The kernel passes over
// what narrows a destination down if there is no destination, and over all of a
// destination in the table of a bridge, as over a state beside use there.
func (k *FDBKey) check(o *FDBOptions) error {
	if k.Self != nil && !bool(*k.Self) && !bool(value(k.Master)) {
		return invalid("self", "want self or master")
	}
	if k.Dst == nil {
		if err := refuse("want dst with it", has("port", k.Port), has("vni", k.VNI), has("via", k.Via)); err != nil {
			return err
		}
	}
	if k.tables() == unix.NTF_MASTER {
		err := refuse("the table of a bridge knows no tunnels: want self=on as well",
			has("dst", k.Dst), has("src_vni", k.SrcVNI), has("nhid", o.NHID))
		if err != nil {
			return err
		}
	}
	if value(o.Use) && value(k.Master) && value(o.State) != attr.FDBDynamic {
		return invalid("state", "an entry of a bridge that counts as used is dynamic")
	}
	if o.NHID != nil && k.Dst != nil {
		return invalid("nhid", "want either nhid or dst")
	}
	if o.NHID != nil && *o.NHID == 0 {
		return invalid("nhid", "want 1 or more")
	}
	return nil
}

// resolve opens the namespace and resolves the links.
func (k *FDBKey) resolve(t *kernel.Task) (ns *kernel.Netns, index, via uint32, err error) {
	if ns, index, err = k.link(t, k.Dev); err != nil {
		return nil, 0, 0, err
	}
	via, err = indexOrZero(ns, "via", k.Via)
	return ns, index, via, err
}

// tables returns the flags that pick the table, or both.
func (k *FDBKey) tables() (flags uint8) {
	flags = bitIf[uint8](k.Master, unix.NTF_MASTER)
	if value(k.Self) || flags == 0 {
		flags |= unix.NTF_SELF
	}
	return flags
}
