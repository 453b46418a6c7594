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
