package attr

import (
	"errors"
	"fmt"
	"net/netip"
)

// A Prefix is a set of addresses: an address without host bits and a length.
type Prefix struct{ netip.Prefix }

// defaultWord stands for the IPv4 default route in a request, and for the default
// routes of both families, but no longer prefix, in a pattern.
const defaultWord = "default"

var (
	default4 = netip.MustParsePrefix("0.0.0.0/0")
	default6 = netip.MustParsePrefix("::/0")
)

var typePrefix = &Type{
	Name:  "prefix",
	Doc:   "prefix without host bits, such as 10.0.0.0/8 or fd00::/8; default is 0.0.0.0/0",
	CDDL:  "bstr .size (5 / 17)",
	Words: []string{defaultWord},
	atoms: prefixAtoms(false, func(p netip.Prefix) Value { return Prefix{p.Masked()} }),
	Parse: func(text string) (Value, error) {
		if text == defaultWord {
			return Prefix{default4}, nil
		}
		p, err := parsePrefix(text)
		if err != nil {
			return nil, err
		}
		v := Prefix{p}
		if err := v.Check(); err != nil {
			return nil, fmt.Errorf("%q: %w", text, err)
		}
		return v, nil
	},
	Pattern: func(text string) (Pattern, error) {
		if text == defaultWord {
			return defaultOnly{}, nil
		}
		return parseWithin(text)
	},
}

// parsePrefix reads ADDRESS/LENGTH, or an address alone as its longest prefix.
func parsePrefix(text string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		if err := checkAddr(a); err != nil {
			return netip.Prefix{}, fmt.Errorf("%q: %w", text, err)
		}
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("%q: want ADDRESS/LENGTH", text)
	}
	if err := checkAddr(p.Addr()); err != nil {
		return netip.Prefix{}, fmt.Errorf("%q: %w", text, err)
	}
	return p, nil
}

func (Prefix) Type() *Type { return typePrefix }

func (v Prefix) Check() error {
	if !v.IsValid() {
		return errors.New("want a prefix of 5 or 17 bytes")
	}
	if err := checkAddr(v.Addr()); err != nil {
		return err
	}
	if m := v.Masked(); m != v.Prefix {
		return fmt.Errorf("want no host bits: %s", m)
	}
	return nil
}

// An IfAddr is an address on a link together with the length of the prefix that
// it makes reachable there, such as 10.42.7.1/24.
type IfAddr struct{ netip.Prefix }

var typeIfAddr = &Type{
	Name:  "ifaddr",
	Doc:   "address with the length of its prefix, such as 10.42.7.1/24; without a length /32 or /128",
	CDDL:  "bstr .size (5 / 17)",
	atoms: prefixAtoms(true, func(p netip.Prefix) Value { return IfAddr{p} }),
	Parse: func(text string) (Value, error) {
		p, err := parsePrefix(text)
		if err != nil {
			return nil, err
		}
		return IfAddr{p}, nil
	},
	// An address with host bits stands for itself, a prefix for what is in it.
	Pattern: func(text string) (Pattern, error) {
		if p, err := parsePrefix(text); err == nil && p != p.Masked() {
			return exactly{IfAddr{p}}, nil
		}
		return parseWithin(text)
	},
}

func (IfAddr) Type() *Type { return typeIfAddr }

func (v IfAddr) Check() error {
	if !v.IsValid() {
		return errors.New("want an address and a length, 5 or 17 bytes")
	}
	return checkAddr(v.Addr())
}
