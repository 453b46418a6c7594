package ops

import (
	"fmt"
	"slices"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// NetNSDelete deletes a named network namespace.
var NetNSDelete = define(Op{
	Name:    "netns.delete",
	Summary: "delete a named network namespace",
	Doc: "The name goes at once. The namespace itself lives on while a process, an open file or a mount keeps it; detached " +
		"says whether one does (Linux 6.18 and later tell). An empty file that an interrupted creation left behind is " +
		"deleted too; anything else of that name stays and is an error. (ip-netns(8))",
	Caps: []Cap{SysAdmin, NetAdmin},
	Root: true,
}, func(t *kernel.Task, p NetNSDeleteParams) (NetNSDeleted, error) {
	var check func(*kernel.Netns) error
	if value(p.RequireEmpty) {
		check = empty
	}
	detached, err := t.DeleteNetns("name", p.Name, check)
	done, err := settle(err, p.IfAbsent, unix.ENOENT)
	return NetNSDeleted{done, detached}, err
})

// NetNSDeleteParams is what netns.delete takes.
type NetNSDeleteParams struct {
	Name         attr.NetNS      `cbor:"name" help:"name of the namespace"`
	RequireEmpty *attr.Flag      `cbor:"require_empty,omitempty" pinned:"true" help:"on to refuse a namespace with links other than lo and the kernel's own tunnels; without it links are not looked at"`
	IfAbsent     *attr.Tolerance `cbor:"if_absent,omitempty" help:"ok makes it no error if the namespace is not there"`
}

// Check refuses the helper's own namespace, which has no name.
func (p *NetNSDeleteParams) Check() error { return checkNamed(p.Name) }

// NetNSDeleted is the result of netns.delete.
type NetNSDeleted struct {
	Done
	Detached *bool `cbor:"detached,omitempty" help:"true if the namespace goes on without its name, because something keeps it"`
}

// fallbackLinks are what the kernel puts into every namespace by itself, once the
// modules are loaded.
var fallbackLinks = []string{
	"lo", "tunl0", "gre0", "gretap0", "erspan0", "ip_vti0", "sit0", "ip6tnl0", "ip6gre0", "ip6_vti0",
}

// empty objects to a namespace that has links of somebody's.
func empty(ns *kernel.Netns) error {
	r := kernel.NewRequest(unix.RTM_GETLINK, 0, &rtnetlink.LinkMessage{})
	r.Uint32("", unix.IFLA_EXT_MASK, extMask(false))
	return ns.Dump(r, func(m netlink.Message) error {
		l, err := decodeLink(m.Data)
		if err != nil {
			return err
		}
		if !slices.Contains(fallbackLinks, string(l.Name)) {
			return &kernel.Error{
				Errno:   unix.ENOTEMPTY,
				Attr:    "require_empty",
				Message: fmt.Sprintf("the namespace has the link %s", l.Name),
			}
		}
		return nil
	})
}
