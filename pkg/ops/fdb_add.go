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
	Doc: "Without self and master the table is that of the link itself; without a state the entry is permanent, as with " +
		"bridge(8). (RTM_NEWNEIGH, bridge(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p FDBAddParams) (Done, error) {
	err := p.FDBKey.write(t, &p.FDBOptions, netlink.Create|netlink.Excl)
	return settle(keyed(err, "lladdr", unix.EEXIST), p.IfPresent, unix.EEXIST)
})

// FDBAddParams is what fdb.add takes.
type FDBAddParams struct {
	FDBKey
	FDBOptions
	IfPresent *attr.Tolerance `cbor:"if_present,omitempty" help:"ok makes it no error if the entry is there already, whatever is in it"`
}

// Check says why the attributes do not fit each other.
func (p *FDBAddParams) Check() error { return p.FDBKey.check(&p.FDBOptions) }

// FDBAppend adds a destination to a forwarding entry.
var FDBAppend = define(Op{
	Name:    "fdb.append",
	Summary: "add a destination to an entry of a forwarding table",
	Doc: "The entry is made if it is not there. On a vxlan link, the entry for a multicast address or 00:00:00:00:00:00 " +
		"can have several destinations, and frames go to all of them; to the entry for any other address the kernel adds " +
		"none. It tells neither that, nor that a destination was there already: changed is always true. The defaults are " +
		"those of fdb.add. (RTM_NEWNEIGH, bridge(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p FDBWriteParams) (Done, error) {
	err := p.FDBKey.write(t, &p.FDBOptions, netlink.Create|netlink.Append)
	return Done{Changed: err == nil}, err
})

// FDBReplace adds a forwarding entry or changes it.
var FDBReplace = define(Op{
	Name:    "fdb.replace",
	Summary: "add an entry to a forwarding table, or change it",
	Doc: "On a vxlan link, only the destination of a unicast address can be replaced. The defaults are those of fdb.add. " +
		"changed is always true. (RTM_NEWNEIGH, bridge(8))",
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

// write sends a message RTM_NEWNEIGH with the flags.
func (k *FDBKey) write(t *kernel.Task, o *FDBOptions, flags netlink.HeaderFlags) error {
	ns, index, via, err := k.resolve(t)
	if err != nil {
		return err
	}
	return ns.Do(encodeNewFDB(flags, k, o, index, via))
}
