package ops

import (
	"strings"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"
)

// NetNSList lists the names of network namespaces.
var NetNSList = defineList(Op{
	Name:    "netns.list",
	Summary: "list the names of network namespaces",
	Doc:     "They come in no order, and with them names that stand for no network namespace. (ip-netns(8))",
}, func(t *kernel.Task, _ NetNSListParams, emit func(NetNSEntry) error) error {
	return t.EachNetns(func(e kernel.Entry) error { return emit(netnsEntry(e)) })
})

// NetNSListParams is what netns.list takes: nothing.
type NetNSListParams struct{}

// A NetNSEntry is a name in /run/netns.
type NetNSEntry struct {
	Name  string      `cbor:"name" help:"name"`
	Valid bool        `cbor:"valid" help:"true if the name stands for a network namespace that requests can name"`
	Inode *attr.Count `cbor:"inode,omitempty" help:"inode of the namespace"`
}

func netnsEntry(e kernel.Entry) NetNSEntry {
	entry := NetNSEntry{Name: strings.ToValidUTF8(e.Name, "\uFFFD"), Valid: e.Valid}
	if e.Valid {
		entry.Inode = new(attr.Count(e.Inode))
	}
	return entry
}
