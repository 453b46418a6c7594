package ops

import (
	"time"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"
)

// LinkGet reads a link.
var LinkGet = define(Op{
	Name:    "link.get",
	Summary: "read a link",
	Doc: "Without a link of that name it is not-found; wait gives the link time to appear. " +
		"The names of its master and its parent are looked up after the link was read: the indices are authoritative. " +
		"(RTM_GETLINK, rtnetlink(7))",
}, func(t *kernel.Task, p LinkGetParams) (Link, error) {
	ns, index, err := p.find(t)
	if err != nil {
		return Link{}, err
	}
	return readLink(ns, index, bool(value(p.VFs)))
})

// LinkGetParams is what link.get takes.
type LinkGetParams struct {
	LinkRef
	VFs *attr.Flag `cbor:"vfs,omitempty" help:"whether the virtual functions are read as well"`
}

// LinkRef is the link that an operation acts on.
type LinkRef struct {
	In
	Dev  attr.IfName        `cbor:"dev" help:"link, by its canonical name"`
	Wait *attr.Milliseconds `cbor:"wait,omitempty" help:"how long to wait for the link to appear"`
}

// find opens the namespace and resolves the link.
func (p LinkRef) find(t *kernel.Task) (*kernel.Netns, uint32, error) {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return nil, 0, err
	}
	index, err := ns.WaitIndex("dev", p.Dev, time.Duration(value(p.Wait))*time.Millisecond)
	return ns, index, err
}
