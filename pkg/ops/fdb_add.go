package ops

import (
	"slices"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// FDBAdd adds a forwarding entry.
var FDBAdd = counted(defineChange(Op{
	Name:    "fdb.add",
	Summary: "add an entry to a forwarding table",
	Doc: "Without self and master the table is that of the link itself; without a state the entry is permanent, as with " +
		"bridge(8). (RTM_NEWNEIGH, bridge(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p *FDBAddParams) (*Change, error) {
	return p.FDBKey.put(t, &p.FDBOptions, netlink.Create|netlink.Excl, func(err error) (Done, error) {
		return settle(keyed(err, "lladdr", unix.EEXIST), p.IfPresent, unix.EEXIST)
	})
}, nil), func(t *kernel.Task, p *FDBAddParams, each func(*FDB) error) error {
	return p.eachBeside(t, &p.FDBOptions, each)
}, func(_ *kernel.Task, p *FDBAddParams) ([]*FDB, error) { return p.second(&p.FDBOptions), nil })

// FDBAddParams is what fdb.add takes.
type FDBAddParams struct {
	FDBKey
	FDBOptions
	IfPresent *attr.Tolerance `cbor:"if_present,omitempty" help:"ok makes it no error if the entry is there already, whatever is in it"`
}

// Check says why the attributes do not fit each other.
func (p *FDBAddParams) Check() error { return p.FDBKey.check(&p.FDBOptions) }

// FDBAppend adds a destination to a forwarding entry.
var FDBAppend = counted(defineChange(Op{
	Name:    "fdb.append",
	Summary: "add a destination to an entry of a forwarding table",
	Doc: "The entry is made if it is not there. On a vxlan link, the entry for a multicast address or 00:00:00:00:00:00 " +
		"can have several destinations, and frames go to all of them; to the entry for any other address the kernel adds " +
		"none. It tells neither that, nor that a destination was there already: changed is always true. The defaults are " +
		"those of fdb.add. (RTM_NEWNEIGH, bridge(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p *FDBWriteParams) (*Change, error) {
	return p.FDBKey.put(t, &p.FDBOptions, netlink.Create|netlink.Append, changed)
}, nil), func(t *kernel.Task, p *FDBWriteParams, each func(*FDB) error) error {
	return p.eachBeside(t, &p.FDBOptions, each)
}, func(_ *kernel.Task, p *FDBWriteParams) ([]*FDB, error) { return p.second(&p.FDBOptions), nil })

// FDBReplace adds a forwarding entry or changes it.
var FDBReplace = defineChange(Op{
	Name:    "fdb.replace",
	Summary: "add an entry to a forwarding table, or change it",
	Doc: "On a vxlan link, only the destination of a unicast address can be replaced. The defaults are those of fdb.add. " +
		"changed is always true. (RTM_NEWNEIGH, bridge(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p *FDBWriteParams) (*Change, error) {
	return p.FDBKey.put(t, &p.FDBOptions, netlink.Create|netlink.Replace, changed)
}, nil)

// FDBWriteParams is what fdb.append and fdb.replace take.
type FDBWriteParams struct {
	FDBKey
	FDBOptions
}

// Check says why the attributes do not fit each other.
func (p *FDBWriteParams) Check() error { return p.FDBKey.check(&p.FDBOptions) }

// eachBeside gives the entries of the namespace that are in a table and in the state
// of the new one: others a bridge has learnt by itself.
func (k *FDBKey) eachBeside(t *kernel.Task, o *FDBOptions, each func(*FDB) error) error {
	tables := k.tables()
	list := listed(FDBList, func(*FDBKey) FDBListParams {
		return FDBListParams{In: k.In, State: new(orElse(o.State, attr.FDBPermanent))}
	})
	return list(t, k, func(f *FDB) error {
		table := uint8(unix.NTF_MASTER)
		if slices.Contains(f.Flags, "self") {
			table = unix.NTF_SELF
		}
		if tables&table == 0 {
			return nil
		}
		return each(f)
	})
}

// second is the second entry of a request that makes one in both tables.
func (k *FDBKey) second(o *FDBOptions) []*FDB {
	if k.tables() != unix.NTF_SELF|unix.NTF_MASTER {
		return nil
	}
	return []*FDB{{
		LLAddr: k.LLAddr, Dev: &k.Dev, VLAN: k.VLAN, Dst: k.Dst, Port: k.Port, VNI: k.VNI, SrcVNI: k.SrcVNI, Via: k.Via, NHID: o.NHID,
	}}
}

// put makes a message RTM_NEWNEIGH with the flags.
func (k *FDBKey) put(t *kernel.Task, o *FDBOptions, flags netlink.HeaderFlags, settle func(error) (Done, error)) (*Change, error) {
	ns, index, via, err := k.resolve(t)
	if err != nil {
		return nil, err
	}
	return changeBy(ns, encodeNewFDB(flags, k, o, index, via), settle), nil
}
