package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"
)

// NetNSGet tells what a name stands for.
var NetNSGet = define(Op{
	Name:    "netns.get",
	Summary: "tell which network namespace has a name",
	Doc: "A name that stands for no network namespace, such as that of a left-over file, is no error: valid is then false. " +
		"(ip-netns(8))",
	Outside: true,
}, func(t *kernel.Task, p NetNSGetParams) (NetNSFound, error) {
	entry, err := t.Netns("name", p.Name)
	if err != nil || !entry.Valid {
		return NetNSFound{NetNSEntry: netnsEntry(entry)}, err
	}
	id, err := nsidOf(t, p.Name)
	t.Touched.Netns = entry.Inode // not the own one, which was asked
	return NetNSFound{netnsEntry(entry), id}, err
})

// NetNSGetParams is what netns.get takes.
type NetNSGetParams struct {
	Name attr.NetNS `cbor:"name" help:"name of the namespace"`
}

// NetNSFound is the result of netns.get.
type NetNSFound struct {
	NetNSEntry
	NSID *uint32 `cbor:"nsid,omitempty" help:"id (nsid) by which the helper's own namespace knows it, if it has one"`
}
