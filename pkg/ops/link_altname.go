package ops

import (
	"errors"
	"slices"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// LinkAltNameAdd gives a link an alternative name.
var LinkAltNameAdd = define(Op{
	Name:    "link.altname.add",
	Summary: "give a link an alternative name",
	Doc: "A name is an alternative one of one link only, and no other link's name. The operations themselves never go by " +
		"alternative names. (RTM_NEWLINKPROP, ip-link(8))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p LinkAltNameAddParams) (Done, error) {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return Done{}, err
	}
	index, err := ns.Index("dev", p.Dev)
	if err != nil {
		return Done{}, err
	}
	err = keyed(ns.Do(encodeAltName(unix.RTM_NEWLINKPROP, netlink.Create|netlink.Excl|netlink.Append, index, p.AltName)), "altname", unix.EEXIST)
	if !errors.Is(err, unix.EEXIST) {
		return settle(err, nil)
	}
	// It may be another link that has the name.
	link, readErr := readLink(ns, index, false)
	if readErr != nil {
		return Done{}, readErr
	}
	if !slices.Contains(link.AltNames, string(p.AltName)) {
		return Done{}, err
	}
	return settle(err, p.IfPresent, unix.EEXIST)
})

// LinkAltNameAddParams is what link.altname.add takes.
type LinkAltNameAddParams struct {
	In
	Dev       attr.IfName     `cbor:"dev" help:"link that gets the name"`
	AltName   attr.AltName    `cbor:"altname" help:"alternative name"`
	IfPresent *attr.Tolerance `cbor:"if_present,omitempty" help:"ok if it is no error that the link has the name already"`
}

// LinkAltNameDelete takes an alternative name from a link.
var LinkAltNameDelete = define(Op{
	Name:    "link.altname.delete",
	Summary: "take an alternative name from a link",
	Doc:     "(RTM_DELLINKPROP, ip-link(8))",
	Caps:    []Cap{NetAdmin},
}, func(t *kernel.Task, p LinkAltNameDeleteParams) (Done, error) {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return Done{}, err
	}
	index, err := ns.Index("dev", p.Dev)
	if err != nil {
		return Done{}, err
	}
	err = keyed(ns.Do(encodeAltName(unix.RTM_DELLINKPROP, 0, index, p.AltName)), "altname", unix.ENOENT)
	return settle(err, p.IfAbsent, unix.ENOENT)
})

// LinkAltNameDeleteParams is what link.altname.delete takes.
type LinkAltNameDeleteParams struct {
	In
	Dev      attr.IfName     `cbor:"dev" help:"link that has the name"`
	AltName  attr.AltName    `cbor:"altname" help:"alternative name"`
	IfAbsent *attr.Tolerance `cbor:"if_absent,omitempty" help:"ok if it is no error that no link has the name"`
}

func encodeAltName(typ uint16, flags netlink.HeaderFlags, index uint32, name attr.AltName) *kernel.Request {
	r := kernel.NewRequest(typ, flags, &rtnetlink.LinkMessage{Index: index})
	r.Nest("altname", unix.IFLA_PROP_LIST, func() {
		r.String("altname", unix.IFLA_ALT_IFNAME, string(name))
	})
	return r
}
