package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"golang.org/x/sys/unix"
)

// LinkDelete deletes a link.
var LinkDelete = define(Op{
	Name:    "link.delete",
	Summary: "delete a link",
	Doc: "The peer of a veth link goes with it, as do the links that sit on the link. A link that hardware provides cannot " +
		"be deleted. (RTM_DELLINK, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p LinkDeleteParams) (Done, error) {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return Done{}, err
	}
	index, err := ns.Index("dev", p.Dev)
	if err == nil {
		err = deleteLink(ns, index)
	}
	return settle(err, p.IfAbsent, unix.ENODEV)
})

// LinkDeleteParams is what link.delete takes.
type LinkDeleteParams struct {
	In
	Dev      attr.IfName     `cbor:"dev" help:"link to delete, by its canonical name"`
	IfAbsent *attr.Tolerance `cbor:"if_absent,omitempty" help:"ok makes it no error if the link is not there"`
}

// deleteLink deletes the link with the index. Without one the message would mean
// a whole group of links.
func deleteLink(ns *kernel.Netns, index uint32) error {
	return ns.Do(kernel.NewRequest(unix.RTM_DELLINK, 0, &rtnetlink.LinkMessage{Index: index}))
}
