package attr

import (
	"errors"
	"fmt"
	"net/netip"
)

// An Addr is an IPv4 or IPv6 address. It has no zone and is never an IPv4
// address in an IPv6 coat (RFC 4291, section 2.5.5.2): one address has one form.
type Addr struct{ netip.Addr }

var typeAddr = &Type{
	Name:  "address",
	Doc:   "IPv4 or IPv6 address",
	CDDL:  "bstr .size (4 / 16)",
	atoms: addrAtoms,
	Parse: func(text string) (Value, error) {
		a, err := netip.ParseAddr(text)
		if err != nil {
			return nil, fmt.Errorf("%q: want an IPv4 or IPv6 address", text)
		}
		v := Addr{a}
		if err := v.Check(); err != nil {
			return nil, fmt.Errorf("%q: %w", text, err)
		}
		return v, nil
	},
	Pattern: func(text string) (Pattern, error) {
		return parseWithin(text)
	},
}

func (Addr) Type() *Type { return typeAddr }

func (v Addr) Check() error { return checkAddr(v.Addr) }

func checkAddr(a netip.Addr) error {
	switch {
	case !a.IsValid():
		return errors.New("want an address of 4 or 16 bytes")
	case a.Zone() != "":
		return errors.New("want an address without a zone")
	case a.Is4In6():
		return errors.New("want an IPv4 address as such, not mapped into IPv6")
	}
	return nil
}
