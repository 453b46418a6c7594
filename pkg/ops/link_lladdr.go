package ops

import "nethelper/pkg/attr"

// checkEthernet says why an address cannot be that of an Ethernet link. The
// kernel cuts a longer one.
func checkEthernet(name string, v *attr.LLAddr) error {
	if v != nil && len(v.Bytes()) != ethernetLen {
		return invalid(name, "want the 6 octets of an Ethernet address")
	}
	return nil
}

const ethernetLen = 6 // ETH_ALEN

// checkLLAddr says why v can be no address of the link, or of a neighbour on it.
// The kernel cuts one that is longer than the link's own.
func (l *Link) checkLLAddr(name string, v *attr.LLAddr) error {
	switch {
	case v == nil:
		return nil
	case l.LLAddr == nil:
		return invalid(name, "the link has no link-layer addresses")
	case len(v.Bytes()) != len(l.LLAddr.Bytes()):
		return invalid(name, "want an address as long as "+l.LLAddr.String())
	}
	return nil
}
