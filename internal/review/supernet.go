package review

import (
	"net/netip"

	"nethelper/pkg/attr"
)

// commonPrefix is the longest prefix that holds all values, which are addresses or
// prefixes of one family; or nothing.
func commonPrefix(values []attr.Value) string {
	var all netip.Prefix
	for i, v := range values {
		p, ok := prefixOf(v)
		switch {
		case !ok:
			return ""
		case i == 0:
			all = p
		case p.Addr().Is4() != all.Addr().Is4():
			return ""
		}
		for all.Bits() > p.Bits() || !all.Contains(p.Addr()) {
			all = netip.PrefixFrom(all.Addr(), all.Bits()-1).Masked()
		}
	}
	if !all.IsValid() || all.Bits() == 0 {
		return ""
	}
	return all.String()
}

func prefixOf(v attr.Value) (netip.Prefix, bool) {
	switch v := v.(type) {
	case attr.Addr:
		return netip.PrefixFrom(v.Addr, v.BitLen()), true
	case attr.Prefix:
		return v.Masked(), true
	case attr.IfAddr:
		return v.Masked(), true
	}
	return netip.Prefix{}, false
}
