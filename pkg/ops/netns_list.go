package ops

import "nethelper/internal/kernel"

// NetNSList lists the names of network namespaces.
var NetNSList = defineList(Op{
	Name:    "netns.list",
	Summary: "list the names of network namespaces",
	Doc: "The names come in no particular order. Names in /run/netns that stand for no network namespace are listed too, " +
		"with valid false. (ip-netns(8))",
}, func(t *kernel.Task, _ NetNSListParams, emit func(*NetNSEntry) error) error {
	return t.EachNetns(func(e kernel.Entry) error { return emit(new(netnsEntry(e))) })
})

// NetNSListParams is what netns.list takes: nothing.
type NetNSListParams struct{}
