package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// FDBAdd adds a forwarding entry.
var FDBAdd = define(Op{
	Name:    "fdb.add",
	Summary: "add an entry to a forwarding table",
	Doc: "Without self and master the table is that of the link itself, without a state the entry is permanent, as " +
		"bridge(8) has it. (RTM_NEWNEIGH, bridge(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p FDBParams) (Done, error) {
	err := p.FDBKey.write(t, &p.FDBOptions, netlink.Create|netlink.Excl)
	return settle(keyed(err, "lladdr", unix.EEXIST), p.IfPresent, unix.EEXIST)
})

// FDBParams is what fdb.add takes.
type FDBParams struct {
	FDBKey
	FDBOptions
	IfPresent *attr.Tolerance `cbor:"if_present,omitempty" help:"ok if an entry that is there already is no error, whatever is in it"`
}

// Check says why the attributes do not fit each other.
func (p *FDBParams) Check() error { return p.FDBKey.check(&p.FDBOptions) }

// FDBAppend adds a destination to a forwarding entry.
var FDBAppend = define(Op{
	Name:    "fdb.append",
	Summary: "add a destination to an entry of a forwarding table",
	Doc: "A vxlan link sends what is for the address to every destination. One that is there already is no error for the " +
		"kernel. The entry is made if it is not there; the defaults are those of fdb.add. (RTM_NEWNEIGH, bridge(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p FDBWriteParams) (Done, error) {
	err := p.FDBKey.write(t, &p.FDBOptions, netlink.Create|netlink.Append)
	return Done{Changed: err == nil}, err
})

// FDBReplace adds a forwarding entry or changes it.
var FDBReplace = define(Op{
	Name:    "fdb.replace",
	Summary: "add an entry to a forwarding table, or change it",
	Doc: "Several destinations become the one that is given. The defaults are those of fdb.add. The result is always " +
		"changed. (RTM_NEWNEIGH, bridge(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p FDBWriteParams) (Done, error) {
	err := p.FDBKey.write(t, &p.FDBOptions, netlink.Create|netlink.Replace)
	return Done{Changed: err == nil}, err
})

// FDBWriteParams is what fdb.append and fdb.replace take.
type FDBWriteParams struct {
	FDBKey
	FDBOptions
}

// Check says why the attributes do not fit each other.
func (p *FDBWriteParams) Check() error { return p.FDBKey.check(&p.FDBOptions) }

// FDBOptions are what a forwarding entry has beside its key.
type FDBOptions struct {
	State       *attr.FDBState `cbor:"state,omitempty" pinned:"true" help:"how long the entry stays; without it permanent"`
	NHID        *attr.Quantity `cbor:"nhid,omitempty" since:"5.9" help:"next hop object to send to, instead of dst"`
	Sticky      *attr.Flag     `cbor:"sticky,omitempty" help:"on to keep the entry where it is if the address is seen elsewhere"`
	ExternLearn *attr.Flag     `cbor:"extern_learn,omitempty" help:"on if a control plane has learnt the entry"`
	Router      *attr.Flag     `cbor:"router,omitempty" help:"on if the destination is a router"`
	Use         *attr.Flag     `cbor:"use,omitempty" help:"on to count the entry as used"`
}

func (o *FDBOptions) flags() (flags uint8) {
	for _, f := range []struct {
		on  *attr.Flag
		bit uint8
	}{
		{o.Use, unix.NTF_USE},
		{o.ExternLearn, unix.NTF_EXT_LEARNED},
		{o.Sticky, ntfSticky},
		{o.Router, unix.NTF_ROUTER},
	} {
		if value(f.on) {
			flags |= f.bit
		}
	}
	return flags
}

// state returns the states that bridge(8) sends for the word.
func (o *FDBOptions) state() uint16 {
	switch value(o.State) {
	case attr.FDBStatic:
		return unix.NUD_NOARP | unix.NUD_REACHABLE
	case attr.FDBDynamic:
		return unix.NUD_REACHABLE
	}
	return unix.NUD_NOARP | unix.NUD_PERMANENT
}

// write sends a message RTM_NEWNEIGH with the flags.
func (k *FDBKey) write(t *kernel.Task, o *FDBOptions, flags netlink.HeaderFlags) error {
	return k.send(t, func(index, via uint32) *kernel.Request { return encodeNewFDB(flags, k, o, index, via) })
}

// encodeNewFDB makes a message that adds, appends to or replaces an entry.
func encodeNewFDB(flags netlink.HeaderFlags, k *FDBKey, o *FDBOptions, index, via uint32) *kernel.Request {
	r := k.encode(unix.RTM_NEWNEIGH, flags, o.state(), o.flags(), index, via)
	if o.NHID != nil {
		r.Uint32("nhid", ndaNHID, uint32(*o.NHID))
	}
	return r
}
