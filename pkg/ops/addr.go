package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// AddrAdd adds an address to a link.
var AddrAdd = define(Op{
	Name:    "addr.add",
	Summary: "add an address to a link",
	Doc:     "(RTM_NEWADDR, rtnetlink(7))",
	Caps:    []Cap{NetAdmin},
}, func(t *kernel.Task, p AddrParams) (Done, error) {
	ns, err := t.In(p.NetNS)
	if err != nil {
		return Done{}, err
	}
	index, err := ns.Index("dev", p.Dev)
	if err != nil {
		return Done{}, err
	}
	r := kernel.NewRequest(unix.RTM_NEWADDR, netlink.Create|netlink.Excl, &rtnetlink.AddressMessage{
		Family:       familyOf(p.Address.Addr()),
		PrefixLength: uint8(p.Address.Bits()),
		Index:        index,
	})
	r.Addr("address", unix.IFA_LOCAL, p.Address.Addr())
	r.Addr("address", unix.IFA_ADDRESS, p.Address.Addr())
	return settle(ns.Do(r), p.IfPresent, unix.EEXIST)
})

// AddrParams is what addr.add takes.
type AddrParams struct {
	In
	Dev       attr.IfName     `cbor:"dev" help:"link that gets the address"`
	Address   attr.IfAddr     `cbor:"address" help:"address and the length of its prefix"`
	IfPresent *attr.Tolerance `cbor:"if_present,omitempty" help:"ok if an address that is there already is no error"`
}
