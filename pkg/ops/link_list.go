package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// LinkList lists links.
var LinkList = defineList(Op{
	Name:    "link.list",
	Summary: "list links",
	Doc:     "A link is listed if it fits all selectors that are given. (RTM_GETLINK, rtnetlink(7))",
}, func(t *kernel.Task, p LinkListParams, emit func(*Link) error) error {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return err
	}
	r := kernel.NewRequest(unix.RTM_GETLINK, 0, &rtnetlink.LinkMessage{})
	r.Uint32("", unix.IFLA_EXT_MASK, extMask(bool(value(p.VFs))))
	if p.Master != nil {
		master, err := ns.Index("master", *p.Master)
		if err != nil {
			return err
		}
		r.Uint32("master", unix.IFLA_MASTER, master)
	}
	if p.Kind != nil {
		r.Nest("kind", unix.IFLA_LINKINFO, func() { r.String("kind", unix.IFLA_INFO_KIND, string(*p.Kind)) })
	}
	names := namesIn(ns)
	return ns.Dump(r, func(m netlink.Message) error {
		l, err := decodeLink(m.Data)
		if err != nil {
			return err
		}
		if !p.selects(&l) {
			return nil
		}
		names.fillLink(&l)
		return emit(&l)
	})
})

// LinkListParams is what link.list takes.
type LinkListParams struct {
	In
	Kind   *attr.Kind   `cbor:"kind,omitempty" pinned:"true" help:"links of this kind only"`
	Master *attr.IfName `cbor:"master,omitempty" pinned:"true" help:"ports of this link only"`
	Up     *attr.Flag   `cbor:"up,omitempty" pinned:"true" help:"on for links that are up only, off for links that are not"`
	VFs    *attr.Flag   `cbor:"vfs,omitempty" help:"whether the virtual functions are read as well"`
}

// selects reports whether l is asked for, as far as the kernel may not have
// chosen: it passes over a kind that it does not know, and has no filter for up.
func (p *LinkListParams) selects(l *Link) bool {
	return (p.Kind == nil || l.Kind == *p.Kind) && (p.Up == nil || *l.settings().Up == *p.Up)
}
