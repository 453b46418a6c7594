package attr

// An AddrProtocol is who made an address (IFA_PROTO, ip-address(8)).
type AddrProtocol uint8

var (
	addrProtocolNumber = &number[AddrProtocol]{max: 255, words: []word[AddrProtocol]{{"unspec", 0}, {"kernel_lo", 1}, {"kernel_ra", 2}, {"kernel_ll", 3}}}
	typeAddrProtocol   = addrProtocolNumber.typ("addr-protocol", "origin of an address: unspec, kernel_lo, kernel_ra, kernel_ll or 0 to 255")
)

func (AddrProtocol) Type() *Type      { return typeAddrProtocol }
func (v AddrProtocol) Check() error   { return addrProtocolNumber.check(v) }
func (v AddrProtocol) String() string { return addrProtocolNumber.print(v) }
