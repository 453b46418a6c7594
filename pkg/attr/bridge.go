package attr

// A BridgePriority is a bridge's priority in the election of the root (IEEE
// 802.1D): the lower, the more likely.
type BridgePriority uint16

var (
	bridgePriorityNumber = &number[BridgePriority]{max: 65535}
	typeBridgePriority   = bridgePriorityNumber.typ("bridge-priority", "priority of a bridge, 0 to 65535; the lower, the more likely it becomes root")
)

func (BridgePriority) Type() *Type      { return typeBridgePriority }
func (v BridgePriority) Check() error   { return bridgePriorityNumber.check(v) }
func (v BridgePriority) String() string { return bridgePriorityNumber.print(v) }

// A ForwardMask says which of the link-local groups 01:80:c2:00:00:0X a bridge
// forwards: bit X of 16 (IFLA_BR_GROUP_FWD_MASK).
type ForwardMask uint16

var (
	forwardMaskNumber = &number[ForwardMask]{max: 65535, hex: true}
	typeForwardMask   = forwardMaskNumber.typ("forward-mask", "mask of link-local groups, such as 0x8 for 01:80:c2:00:00:03")
)

func (ForwardMask) Type() *Type      { return typeForwardMask }
func (v ForwardMask) Check() error   { return forwardMaskNumber.check(v) }
func (v ForwardMask) String() string { return forwardMaskNumber.print(v) }

// A PortVLAN is the VLAN of the untagged packets of a port. 0 is none.
type PortVLAN uint16

var (
	portVLANNumber = &number[PortVLAN]{max: 4094, words: []word[PortVLAN]{{"none", 0}}}
	typePortVLAN   = portVLANNumber.typ("port-vlan", "VLAN id of untagged packets, 1 to 4094, or none")
)

func (PortVLAN) Type() *Type      { return typePortVLAN }
func (v PortVLAN) Check() error   { return portVLANNumber.check(v) }
func (v PortVLAN) String() string { return portVLANNumber.print(v) }

// A MulticastRouter says when a bridge takes itself for a multicast router
// (MDB_RTR_TYPE_*).
type MulticastRouter uint8

var (
	multicastRouterNumber = &number[MulticastRouter]{closed: true, words: []word[MulticastRouter]{{"never", 0}, {"query", 1}, {"always", 2}}}
	typeMulticastRouter   = multicastRouterNumber.typ("multicast-router", "never, query (where queries are heard) or always")
)

func (MulticastRouter) Type() *Type      { return typeMulticastRouter }
func (v MulticastRouter) Check() error   { return multicastRouterNumber.check(v) }
func (v MulticastRouter) String() string { return multicastRouterNumber.print(v) }

// An IGMPVersion is the version of IGMP that a bridge speaks (RFC 2236, RFC 3376).
type IGMPVersion uint8

var (
	igmpVersionNumber = &number[IGMPVersion]{min: 2, max: 3}
	typeIGMPVersion   = igmpVersionNumber.typ("igmp-version", "version of IGMP, 2 or 3")
)

func (IGMPVersion) Type() *Type      { return typeIGMPVersion }
func (v IGMPVersion) Check() error   { return igmpVersionNumber.check(v) }
func (v IGMPVersion) String() string { return igmpVersionNumber.print(v) }

// An MLDVersion is the version of MLD that a bridge speaks (RFC 2710, RFC 3810).
type MLDVersion uint8

var (
	mldVersionNumber = &number[MLDVersion]{min: 1, max: 2}
	typeMLDVersion   = mldVersionNumber.typ("mld-version", "version of MLD, 1 or 2")
)

func (MLDVersion) Type() *Type      { return typeMLDVersion }
func (v MLDVersion) Check() error   { return mldVersionNumber.check(v) }
func (v MLDVersion) String() string { return mldVersionNumber.print(v) }

// A QueryCount is a number of multicast queries.
type QueryCount uint32

var (
	queryCountNumber = &number[QueryCount]{max: 1<<32 - 1}
	typeQueryCount   = queryCountNumber.typ("query-count", "number of queries, 0 to 4294967295")
)

func (QueryCount) Type() *Type      { return typeQueryCount }
func (v QueryCount) Check() error   { return queryCountNumber.check(v) }
func (v QueryCount) String() string { return queryCountNumber.print(v) }
