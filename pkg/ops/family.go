package ops

import (
	"net/netip"

	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// families returns the address families that are asked for: both, IPv4 first, if
// only is nil.
func families(only *attr.Family) []attr.Family {
	if only != nil {
		return []attr.Family{*only}
	}
	return []attr.Family{unix.AF_INET, unix.AF_INET6}
}

// familyOf returns the address family of a (AF_INET or AF_INET6).
func familyOf(a netip.Addr) uint8 {
	if a.Is4() {
		return unix.AF_INET
	}
	return unix.AF_INET6
}

// unspecified returns the address of zeros, of IPv4 or IPv6.
func unspecified(is4 bool) netip.Addr {
	if is4 {
		return netip.IPv4Unspecified()
	}
	return netip.IPv6Unspecified()
}
