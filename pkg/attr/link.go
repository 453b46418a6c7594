package attr

// An MTU is the largest packet that a link carries, in bytes (IFLA_MTU). The link
// itself has narrower bounds.
type MTU uint32

var (
	mtuNumber = &number[MTU]{min: 1, max: 1<<31 - 1}
	typeMTU   = mtuNumber.typ("mtu", "size in bytes, 1 to 2147483647")
)

func (MTU) Type() *Type      { return typeMTU }
func (v MTU) Check() error   { return mtuNumber.check(v) }
func (v MTU) String() string { return mtuNumber.print(v) }

// A VLAN is an IEEE 802.1Q VLAN identifier.
type VLAN uint16

var (
	vlanNumber = &number[VLAN]{min: 1, max: 4094}
	typeVLAN   = vlanNumber.typ("vlan", "VLAN id, 1 to 4094")
)

func (VLAN) Type() *Type      { return typeVLAN }
func (v VLAN) Check() error   { return vlanNumber.check(v) }
func (v VLAN) String() string { return vlanNumber.print(v) }

// A VLANProtocol is the EtherType of a VLAN tag.
type VLANProtocol uint16

var (
	vlanProtocolNumber = &number[VLANProtocol]{closed: true, words: []word[VLANProtocol]{{"802.1q", 0x8100}, {"802.1ad", 0x88a8}}}
	typeVLANProtocol   = vlanProtocolNumber.typ("vlan-protocol", "802.1q or 802.1ad")
)

func (VLANProtocol) Type() *Type      { return typeVLANProtocol }
func (v VLANProtocol) Check() error   { return vlanProtocolNumber.check(v) }
func (v VLANProtocol) String() string { return vlanProtocolNumber.print(v) }

// A QoS is an IEEE 802.1Q priority code point.
type QoS uint8

var (
	qosNumber = &number[QoS]{max: 7}
	typeQoS   = qosNumber.typ("qos", "priority code point, 0 to 7")
)

func (QoS) Type() *Type      { return typeQoS }
func (v QoS) Check() error   { return qosNumber.check(v) }
func (v QoS) String() string { return qosNumber.print(v) }

// A VNI is a VXLAN network identifier (RFC 7348, section 5).
type VNI uint32

var (
	vniNumber = &number[VNI]{max: 1<<24 - 1}
	typeVNI   = vniNumber.typ("vni", "network identifier, 0 to 16777215")
)

func (VNI) Type() *Type      { return typeVNI }
func (v VNI) Check() error   { return vniNumber.check(v) }
func (v VNI) String() string { return vniNumber.print(v) }

// A TTL is the time to live of a tunnel's outer header.
type TTL uint8

var (
	ttlNumber = &number[TTL]{max: 255}
	typeTTL   = ttlNumber.typ("ttl", "time to live, 0 to 255; 0 lets the kernel choose")
)

func (TTL) Type() *Type      { return typeTTL }
func (v TTL) Check() error   { return ttlNumber.check(v) }
func (v TTL) String() string { return ttlNumber.print(v) }

// A TOS is the type of service byte of an IP header.
type TOS uint8

var (
	tosNumber = &number[TOS]{max: 255, hex: true}
	typeTOS   = tosNumber.typ("tos", "type of service byte, 0x0 to 0xff")
)

func (TOS) Type() *Type      { return typeTOS }
func (v TOS) Check() error   { return tosNumber.check(v) }
func (v TOS) String() string { return tosNumber.print(v) }

// A MACVLANMode is how the links on one parent see each other (MACVLAN_MODE_*).
type MACVLANMode uint32

var (
	macvlanModeNumber = &number[MACVLANMode]{closed: true, words: []word[MACVLANMode]{{"private", 1}, {"vepa", 2}, {"bridge", 4}, {"passthru", 8}, {"source", 16}}}
	typeMACVLANMode   = macvlanModeNumber.typ("macvlan-mode", "private, vepa, bridge, passthru or source")
)

func (MACVLANMode) Type() *Type      { return typeMACVLANMode }
func (v MACVLANMode) Check() error   { return macvlanModeNumber.check(v) }
func (v MACVLANMode) String() string { return macvlanModeNumber.print(v) }

// An Index is the number of a link in its namespace (ifi_index).
type Index uint32

var (
	indexNumber = &number[Index]{min: 1, max: 1<<31 - 1}
	typeIndex   = indexNumber.typ("ifindex", "index of a link, 1 to 2147483647")
)

func (Index) Type() *Type      { return typeIndex }
func (v Index) Check() error   { return indexNumber.check(v) }
func (v Index) String() string { return indexNumber.print(v) }

// A LinkGroup is the number of a group of links (IFLA_GROUP).
type LinkGroup uint32

var (
	linkGroupNumber = &number[LinkGroup]{max: 1<<32 - 1, words: []word[LinkGroup]{{"default", 0}}}
	typeLinkGroup   = linkGroupNumber.typ("link-group", "number of a group of links, 0 to 4294967295, or default")
)

func (LinkGroup) Type() *Type      { return typeLinkGroup }
func (v LinkGroup) Check() error   { return linkGroupNumber.check(v) }
func (v LinkGroup) String() string { return linkGroupNumber.print(v) }

// A VF is the number of a virtual function of an SR-IOV link.
type VF uint32

var (
	vfNumber = &number[VF]{max: 65535}
	typeVF   = vfNumber.typ("vf", "number of a virtual function, 0 to 65535")
)

func (VF) Type() *Type      { return typeVF }
func (v VF) Check() error   { return vfNumber.check(v) }
func (v VF) String() string { return vfNumber.print(v) }

// A VFState is the link state that a virtual function sees (IFLA_VF_LINK_STATE).
type VFState uint32

var (
	vfStateNumber = &number[VFState]{closed: true, words: []word[VFState]{{"auto", 0}, {"enable", 1}, {"disable", 2}}}
	typeVFState   = vfStateNumber.typ("vf-state", "auto, enable or disable")
)

func (VFState) Type() *Type      { return typeVFState }
func (v VFState) Check() error   { return vfStateNumber.check(v) }
func (v VFState) String() string { return vfStateNumber.print(v) }

// An Mbit is a rate in megabits per second.
type Mbit uint32

var (
	mbitNumber = &number[Mbit]{max: 1<<32 - 1}
	typeMbit   = mbitNumber.typ("mbit", "rate in Mbit/s, 0 to 4294967295; 0 is no limit")
)

func (Mbit) Type() *Type      { return typeMbit }
func (v Mbit) Check() error   { return mbitNumber.check(v) }
func (v Mbit) String() string { return mbitNumber.print(v) }
