package ops

import (
	"time"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// AddrAdd adds an address to a link.
var AddrAdd = define(Op{
	Name:    "addr.add",
	Summary: "add an address to a link",
	Doc: "The first IPv4 address in a prefix is the primary one there, later ones are secondary. An IPv6 address may be " +
		"tentative for a moment; addr.list tells. (RTM_NEWADDR, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p AddrParams) (Done, error) {
	err := p.AddrOptions.write(t, p.In, p.Dev, p.Address, netlink.Create|netlink.Excl)
	return settle(keyed(err, "address", unix.EEXIST), p.IfPresent, unix.EEXIST)
})

// AddrParams is what addr.add takes.
type AddrParams struct {
	In
	Dev     attr.IfName `cbor:"dev" help:"link that gets the address"`
	Address attr.IfAddr `cbor:"address" help:"address and the length of its prefix"`
	AddrOptions
	IfPresent *attr.Tolerance `cbor:"if_present,omitempty" help:"ok if an address that is there already is no error, whatever its options"`
}

// Check says why the attributes do not fit each other.
func (p *AddrParams) Check() error { return p.AddrOptions.check(p.Dev, p.Address) }

// AddrReplace adds an address to a link or changes it.
var AddrReplace = define(Op{
	Name:    "addr.replace",
	Summary: "add an address to a link, or change the options of one",
	Doc: "Of an address that is there the lifetimes, the metric and the protocol become what is given or, where nothing " +
		"is, what addr.add would make them; in IPv6 the peer and the flags too. What else an IPv4 address has stays as it " +
		"is. The result is always changed. (RTM_NEWADDR, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p AddrReplaceParams) (Done, error) {
	err := p.AddrOptions.write(t, p.In, p.Dev, p.Address, netlink.Create|netlink.Replace)
	return Done{Changed: err == nil}, err
})

// AddrReplaceParams is what addr.replace takes.
type AddrReplaceParams struct {
	In
	Dev     attr.IfName `cbor:"dev" help:"link that has or gets the address"`
	Address attr.IfAddr `cbor:"address" help:"address and the length of its prefix"`
	AddrOptions
}

// Check says why the attributes do not fit each other.
func (p *AddrReplaceParams) Check() error { return p.AddrOptions.check(p.Dev, p.Address) }

// write sends a message RTM_NEWADDR with the flags, once the link is there.
func (o *AddrOptions) write(t *kernel.Task, in In, dev attr.IfName, address attr.IfAddr, flags netlink.HeaderFlags) error {
	ns, err := t.In(in.NetNS)
	if err != nil {
		return err
	}
	index, err := ns.WaitIndex("dev", dev, time.Duration(value(o.Wait))*time.Millisecond)
	if err != nil {
		return err
	}
	return ns.Do(encodeNewAddr(flags, index, address, o))
}
