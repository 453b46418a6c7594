package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// AddrDelete deletes an address from a link.
var AddrDelete = defineChange(Op{
	Name:    "addr.delete",
	Summary: "delete an address from a link",
	Doc: "The address is found by itself and the length of its prefix. In IPv4 a peer has to lie in the same prefix as the " +
		"one that is there; in IPv6 it is not compared. A primary IPv4 address takes the secondary ones of its prefix " +
		"along, unless the link promotes them (promote_secondaries). (RTM_DELADDR, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p *AddrDeleteParams) (*Change, error) {
	ns, index, err := p.link(t, p.Dev)
	if err != nil {
		return nil, err
	}
	return changeBy(ns, p.encode(index), func(err error) (Done, error) {
		return settle(keyed(err, "address", unix.EADDRNOTAVAIL), p.IfAbsent, unix.EADDRNOTAVAIL)
	}), nil
}, nil)

// AddrDeleteParams is what addr.delete takes.
type AddrDeleteParams struct {
	In
	Dev      attr.IfName     `cbor:"dev" help:"link that has the address"`
	Address  attr.IfAddr     `cbor:"address" help:"address with the length of its prefix"`
	Peer     *attr.IfAddr    `cbor:"peer,omitempty" pinned:"true" help:"address of the other end with the length of its prefix; address then has no length of its own"`
	Label    *attr.Label     `cbor:"label,omitempty" pinned:"true" help:"label that the address must have; IPv4 only"`
	IfAbsent *attr.Tolerance `cbor:"if_absent,omitempty" help:"ok makes it no error if the address is not there"`
}

// Check says why the attributes do not fit each other.
func (p *AddrDeleteParams) Check() error {
	o := AddrOptions{Peer: p.Peer, Label: p.Label}
	return o.check(p.Dev, p.Address)
}

func (p *AddrDeleteParams) encode(index uint32) *kernel.Request {
	r := encodeAddrKey(unix.RTM_DELADDR, 0, index, p.Address, p.Peer, 0)
	if p.Label != nil {
		r.String("label", unix.IFA_LABEL, string(*p.Label))
	}
	return r
}
