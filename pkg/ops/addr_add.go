package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// AddrAdd adds an address to a link.
var AddrAdd = counted(defineChange(Op{
	Name:    "addr.add",
	Summary: "add an address to a link",
	Doc: "The first IPv4 address of a prefix on a link is the primary one, later ones are secondary. An IPv6 address may " +
		"be tentative for a moment; addr.list tells. (RTM_NEWADDR, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p *AddrAddParams) (*Change, error) {
	return p.AddrOptions.put(t, p.In, p.Dev, p.Address, netlink.Create|netlink.Excl, func(err error) (Done, error) {
		return settle(keyed(err, "address", unix.EEXIST), p.IfPresent, unix.EEXIST)
	})
}, nil), listed(AddrList, func(p *AddrAddParams) AddrListParams { return AddrListParams{In: p.In} }), nil)

// AddrAddParams is what addr.add takes.
type AddrAddParams struct {
	In
	Dev     attr.IfName `cbor:"dev" help:"link that gets the address"`
	Address attr.IfAddr `cbor:"address" help:"address with the length of its prefix"`
	AddrOptions
	IfPresent *attr.Tolerance `cbor:"if_present,omitempty" help:"ok makes it no error if the address is there already, whatever its options"`
}

// Check says why the attributes do not fit each other.
func (p *AddrAddParams) Check() error { return p.AddrOptions.check(p.Dev, p.Address) }

// AddrReplace adds an address to a link or changes it.
var AddrReplace = defineChange(Op{
	Name:    "addr.replace",
	Summary: "add an address to a link, or change the options of one",
	Doc: "If the address is there, its lifetimes, metric and protocol, and in IPv6 its peer and flags, become what is " +
		"given or, where nothing is, what addr.add would make them. Everything else stays as it is. changed is always " +
		"true. (RTM_NEWADDR, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p *AddrReplaceParams) (*Change, error) {
	return p.AddrOptions.put(t, p.In, p.Dev, p.Address, netlink.Create|netlink.Replace, changed)
}, nil)

// AddrReplaceParams is what addr.replace takes.
type AddrReplaceParams struct {
	In
	Dev     attr.IfName `cbor:"dev" help:"link that has or gets the address"`
	Address attr.IfAddr `cbor:"address" help:"address with the length of its prefix"`
	AddrOptions
}

// Check says why the attributes do not fit each other.
func (p *AddrReplaceParams) Check() error { return p.AddrOptions.check(p.Dev, p.Address) }

// put makes a message RTM_NEWADDR with the flags, once the link is there.
func (o *AddrOptions) put(
	t *kernel.Task, in In, dev attr.IfName, address attr.IfAddr, flags netlink.HeaderFlags, settle func(error) (Done, error),
) (*Change, error) {
	ns, index, err := in.awaitLink(t, dev, o.Wait)
	if err != nil {
		return nil, err
	}
	return changeBy(ns, encodeNewAddr(flags, index, address, o), settle), nil
}

func (o *AddrOptions) alone() bool { return o.Wait != nil }
