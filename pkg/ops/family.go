package ops

import (
	"net/netip"

	"golang.org/x/sys/unix"
)

// familyOf returns the address family of a (AF_INET or AF_INET6).
func familyOf(a netip.Addr) uint8 {
	if a.Is4() {
		return unix.AF_INET
	}
	return unix.AF_INET6
}

// unspecified returns the address of zeros of the family of a.
func unspecified(is4 bool) netip.Addr {
	if is4 {
		return netip.IPv4Unspecified()
	}
	return netip.IPv6Unspecified()
}
