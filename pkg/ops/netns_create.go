package ops

import (
	"errors"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"golang.org/x/sys/unix"
)

// NetNSCreate makes a named network namespace.
var NetNSCreate = define(Op{
	Name:    "netns.create",
	Summary: "make a named network namespace",
	Doc: "A file of that name that is no network namespace is never taken for one. One that is there already is left " +
		"as it is, lo included. The first creation makes /run/netns a shared mount, as ip does. (ip-netns(8))",
	Caps: []Cap{SysAdmin, NetAdmin},
	Root: true,
}, func(t *kernel.Task, p NetNSCreateParams) (NetNSCreated, error) {
	var prepare func(*kernel.Netns) error
	if value(p.LoUp) {
		prepare = loopbackUp
	}
	inode, err := t.CreateNetns("name", p.Name, prepare)
	if errors.Is(err, unix.EEXIST) && value(p.IfPresent) == attr.OK {
		return presentNetNS(t, p.Name)
	}
	return NetNSCreated{Done{Changed: err == nil}, attr.Count(inode)}, err
})

// NetNSCreateParams is what netns.create takes.
type NetNSCreateParams struct {
	Name      attr.NetNS      `cbor:"name" help:"name of the new namespace"`
	LoUp      *attr.Flag      `cbor:"lo_up,omitempty" help:"on if the link lo is to be up before the namespace can be found"`
	IfPresent *attr.Tolerance `cbor:"if_present,omitempty" help:"ok if a namespace that is there already is no error"`
}

// Check refuses the helper's own namespace, which has no name.
func (p *NetNSCreateParams) Check() error { return checkNamed(p.Name) }

// NetNSCreated is the result of netns.create.
type NetNSCreated struct {
	Done
	Inode attr.Count `cbor:"inode" help:"inode of the namespace"`
}

func checkNamed(name attr.NetNS) error {
	if name == attr.OwnNetNS {
		return invalid("name", "want a name, not the helper's own namespace")
	}
	return nil
}

// presentNetNS is the result for a namespace that is there already.
func presentNetNS(t *kernel.Task, name attr.NetNS) (NetNSCreated, error) {
	entry, err := t.Netns("name", name)
	if err == nil && !entry.Valid {
		err = &kernel.Error{Errno: unix.EINVAL, Attr: "name", Message: "there is something else of this name"}
	}
	return NetNSCreated{Done{}, attr.Count(entry.Inode)}, err
}

// loopbackIndex is that of lo, the first link of every namespace.
const loopbackIndex = 1

func loopbackUp(ns *kernel.Netns) error {
	return ns.Do(kernel.NewRequest(unix.RTM_NEWLINK, 0, &rtnetlink.LinkMessage{
		Index:  loopbackIndex,
		Flags:  unix.IFF_UP,
		Change: unix.IFF_UP,
	}))
}
