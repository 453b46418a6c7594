package attr

import (
	"net/netip"
	"slices"
)

// mapped are the IPv6 addresses that are IPv4 ones in a coat, and no value.
var mapped = netip.MustParsePrefix("::ffff:0:0/96")

// prefixAtoms are those of a type whose values are an address and a length, and
// whose patterns are about the prefix that the address is in and about the length.
// Whole says that the address has host bits whatever the length.
func prefixAtoms(whole bool, value func(netip.Prefix) Value) func([]Pattern) ([]Value, bool) {
	return func(patterns []Pattern) (atoms []Value, ok bool) {
		for _, root := range []netip.Prefix{default4, default6} {
			prefixes, lengths := landmarks(root, patterns)
			if len(prefixes)*len(lengths) > maxAtoms {
				return nil, false
			}
			for _, n := range lengths {
				known := prefixes
				if !whole { // a longer prefix cannot hold one of this length
					known = slices.DeleteFunc(slices.Clone(prefixes), func(p netip.Prefix) bool { return p.Bits() > n })
				}
				for _, p := range known {
					if a, ok := free(p, known); ok {
						atoms = append(atoms, value(netip.PrefixFrom(a, n)))
					}
				}
			}
		}
		return atoms, true
	}
}

// addrAtoms are those of a type whose values are addresses.
func addrAtoms(patterns []Pattern) ([]Value, bool) {
	return prefixAtoms(true, func(p netip.Prefix) Value { return Addr{p.Addr()} })(append(patterns[:len(patterns):len(patterns)], everyLength{}))
}

// everyLength stands for the length that an address has as a prefix.
type everyLength struct{ within }

// landmarks returns the prefixes of the family of root that patterns are about, and
// one length of each stretch that no pattern begins or ends in.
func landmarks(root netip.Prefix, patterns []Pattern) (prefixes []netip.Prefix, lengths []int) {
	bits := root.Addr().BitLen()
	prefixes, lengths = []netip.Prefix{root}, []int{0, bits}
	if bits == mapped.Addr().BitLen() {
		prefixes = append(prefixes, mapped)
	}
	add := func(p netip.Prefix, from, to int) {
		if p.Addr().BitLen() == bits {
			prefixes, lengths = append(prefixes, p), append(lengths, from, min(to+1, bits))
		}
	}
	for _, p := range patterns {
		switch p := p.(type) {
		case within:
			add(p.prefix, p.min, p.max)
		case defaultOnly:
			add(root, 0, 0)
		case exactly:
			if v, ok := p.value.(IfAddr); ok {
				add(netip.PrefixFrom(v.Addr(), bits), v.Bits(), v.Bits())
			}
		case everyLength:
			lengths = []int{bits}
		}
	}
	slices.Sort(lengths)
	slices.SortFunc(prefixes, func(a, b netip.Prefix) int { return a.Compare(b) })
	return slices.Compact(prefixes), slices.Compact(lengths)
}

// free returns an address that p holds and none of the known prefixes below p does.
func free(p netip.Prefix, known []netip.Prefix) (netip.Addr, bool) {
	var inside []netip.Prefix
	for _, k := range known {
		if k != p && k.Bits() > p.Bits() && p.Contains(k.Addr()) {
			inside = append(inside, k)
		}
	}
	return freeOf(p, inside)
}

func freeOf(p netip.Prefix, inside []netip.Prefix) (netip.Addr, bool) {
	if len(inside) == 0 {
		return p.Addr(), true
	}
	if slices.Contains(inside, p) {
		return netip.Addr{}, false
	}
	for _, half := range halves(p) {
		var below []netip.Prefix
		for _, k := range inside {
			if half.Contains(k.Addr()) {
				below = append(below, k)
			}
		}
		if a, ok := freeOf(half, below); ok {
			return a, true
		}
	}
	return netip.Addr{}, false
}

// halves returns the two halves of a prefix.
func halves(p netip.Prefix) [2]netip.Prefix {
	upper := p.Addr().AsSlice()
	upper[p.Bits()/8] |= 0x80 >> (p.Bits() % 8)
	a, _ := netip.AddrFromSlice(upper)
	return [2]netip.Prefix{netip.PrefixFrom(p.Addr(), p.Bits()+1), netip.PrefixFrom(a, p.Bits()+1)}
}
