package ops

import (
	"errors"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// NetNSCreate makes a named network namespace.
var NetNSCreate = counted(define(Op{
	Name:    "netns.create",
	Summary: "make a named network namespace",
	Doc: "With if_present=ok a namespace that is there already is left as it is, lo_up or not. Anything else of that name " +
		"is an error in any case. The first creation makes /run/netns a shared mount, as ip does. (ip-netns(8))",
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
}), eachName, nil)

// NetNSCreateParams is what netns.create takes.
type NetNSCreateParams struct {
	Name      attr.NetNS      `cbor:"name" help:"name of the new namespace"`
	LoUp      *attr.Flag      `cbor:"lo_up,omitempty" help:"on to set the link lo up before others can find the namespace"`
	IfPresent *attr.Tolerance `cbor:"if_present,omitempty" help:"ok makes it no error if the namespace is there already"`
}

// A netnsName is what a namespace shows of the request that made it.
type netnsName struct {
	Name attr.NetNS `cbor:"name"`
}

// eachName gives the names of the namespaces that requests can name.
func eachName(t *kernel.Task, _ *NetNSCreateParams, each func(*netnsName) error) error {
	return t.EachNetns(func(e kernel.Entry) error {
		if !e.Valid {
			return nil
		}
		return each(&netnsName{attr.NetNS(e.Name)})
	})
}

// Check refuses the helper's own namespace, which has no name.
func (p *NetNSCreateParams) Check() error { return checkNamed(p.Name) }

// NetNSCreated is the result of netns.create.
type NetNSCreated struct {
	Done
	Inode attr.Count `cbor:"inode" help:"inode of the namespace"`
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

func loopbackUp(ns *kernel.Netns) error { return setLinkUp(ns, loopbackIndex) }
