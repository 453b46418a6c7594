package attr

// A Priority is a rule's place in the order of rules (FRA_PRIORITY).
type Priority uint32

var (
	priorityNumber = &number[Priority]{max: 1<<32 - 1}
	typePriority   = priorityNumber.typ("priority", "priority of a rule, 0 to 4294967295; the lower, the earlier")
)

func (Priority) Type() *Type      { return typePriority }
func (v Priority) Check() error   { return priorityNumber.check(v) }
func (v Priority) String() string { return priorityNumber.print(v) }

// A RuleAction is what a rule does with a packet that it selects (FR_ACT_*).
type RuleAction uint8

var (
	ruleActionNumber = &number[RuleAction]{closed: true, words: []word[RuleAction]{{"table", 1}, {"goto", 2}, {"nop", 3}, {"blackhole", 6}, {"unreachable", 7}, {"prohibit", 8}}}
	typeRuleAction   = ruleActionNumber.typ("rule-action", "table, goto, nop, blackhole, unreachable or prohibit")
)

func (RuleAction) Type() *Type      { return typeRuleAction }
func (v RuleAction) Check() error   { return ruleActionNumber.check(v) }
func (v RuleAction) String() string { return ruleActionNumber.print(v) }

// A Mark is a packet mark or a mask over it (SO_MARK in socket(7)).
type Mark uint32

var (
	markNumber = &number[Mark]{max: 1<<32 - 1, hex: true}
	typeMark   = markNumber.typ("mark", "packet mark, or mask over one, 0x0 to 0xffffffff")
)

func (Mark) Type() *Type      { return typeMark }
func (v Mark) Check() error   { return markNumber.check(v) }
func (v Mark) String() string { return markNumber.print(v) }

// An IPProtocol is an assigned Internet protocol number.
type IPProtocol uint8

var (
	ipProtocolNumber = &number[IPProtocol]{min: 1, max: 255, words: []word[IPProtocol]{{"icmp", 1}, {"tcp", 6}, {"udp", 17}, {"gre", 47}, {"esp", 50}, {"ah", 51}, {"ipv6-icmp", 58}, {"sctp", 132}}}
	typeIPProtocol   = ipProtocolNumber.typ("ip-protocol", "icmp, tcp, udp, gre, esp, ah, ipv6-icmp, sctp or 1 to 255")
)

func (IPProtocol) Type() *Type      { return typeIPProtocol }
func (v IPProtocol) Check() error   { return ipProtocolNumber.check(v) }
func (v IPProtocol) String() string { return ipProtocolNumber.print(v) }

// A PrefixLength is the length of a prefix in bits.
type PrefixLength uint8

var (
	prefixLengthNumber = &number[PrefixLength]{max: 128}
	typePrefixLength   = prefixLengthNumber.typ("prefix-length", "length of a prefix, 0 to 128")
)

func (PrefixLength) Type() *Type      { return typePrefixLength }
func (v PrefixLength) Check() error   { return prefixLengthNumber.check(v) }
func (v PrefixLength) String() string { return prefixLengthNumber.print(v) }

// A TunnelID is the key of the tunnel that a packet came by (FRA_TUN_ID).
type TunnelID uint64

var (
	tunnelIDNumber = &number[TunnelID]{max: 1<<64 - 1}
	typeTunnelID   = tunnelIDNumber.typ("tunnel-id", "tunnel key, 0 to 18446744073709551615")
)

func (TunnelID) Type() *Type      { return typeTunnelID }
func (v TunnelID) Check() error   { return tunnelIDNumber.check(v) }
func (v TunnelID) String() string { return tunnelIDNumber.print(v) }

// A DSCP is a differentiated services code point (RFC 2474) or a mask over it.
type DSCP uint8

var (
	dscpNumber = &number[DSCP]{max: 63}
	typeDSCP   = dscpNumber.typ("dscp", "code point (DSCP), or mask over one, 0 to 63")
)

func (DSCP) Type() *Type      { return typeDSCP }
func (v DSCP) Check() error   { return dscpNumber.check(v) }
func (v DSCP) String() string { return dscpNumber.print(v) }

// A PortMask is a mask over a port number (FRA_SPORT_MASK).
type PortMask uint16

var (
	portMaskNumber = &number[PortMask]{min: 1, max: 1<<16 - 1, hex: true}
	typePortMask   = portMaskNumber.typ("port-mask", "mask over a port, 0x1 to 0xffff")
)

func (PortMask) Type() *Type      { return typePortMask }
func (v PortMask) Check() error   { return portMaskNumber.check(v) }
func (v PortMask) String() string { return portMaskNumber.print(v) }
