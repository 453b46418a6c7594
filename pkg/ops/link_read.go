package ops

import (
	"nethelper/internal/kernel"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// readLink reads one link, with its virtual functions if vfs says so.
func readLink(ns *kernel.Netns, index uint32, vfs bool) (Link, error) {
	r := kernel.NewRequest(unix.RTM_GETLINK, 0, &rtnetlink.LinkMessage{Index: index})
	r.Uint32("", unix.IFLA_EXT_MASK, extMask(vfs))
	var l Link
	err := ns.Ask(r, func(m netlink.Message) (err error) {
		l, err = decodeLink(m.Data)
		return err
	})
	if err != nil {
		return Link{}, err
	}
	namesIn(ns).fillLink(&l)
	return l, nil
}

// extMask is what the kernel is to tell of a link beside its attributes.
func extMask(vfs bool) uint32 {
	if vfs {
		return extFilterSkipStats | extFilterVF
	}
	return extFilterSkipStats
}

// fillLink sets the names of the links that l refers to, if they are in its
// namespace and there.
func (n *linkNames) fillLink(l *Link) {
	l.Master = n.name(l.MasterIndex)
	if l.LinkNetNSID != nil {
		return
	}
	l.Link = n.name(l.LinkIndex)
	if l.VXLAN != nil {
		l.VXLAN.Dev = n.name(l.VXLAN.DevIndex)
	}
}
