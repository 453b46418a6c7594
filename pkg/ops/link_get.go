package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"
)

// LinkGet reads a link.
var LinkGet = define(Op{
	Name:    "link.get",
	Summary: "read a link",
	Doc: "If there is no link of that name, the error is not-found; wait gives the link time to appear. The names of its " +
		"master and its parent are looked up after the link was read: the indices are authoritative. (RTM_GETLINK, " +
		"rtnetlink(7))",
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
