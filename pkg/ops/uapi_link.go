package ops

// linux/veth.h
const vethInfoPeer = 1 // VETH_INFO_PEER

// linux/rtnetlink.h: what a RTM_GETLINK asks for (IFLA_EXT_MASK).
const (
	extFilterVF        = 1 << 0 // RTEXT_FILTER_VF
	extFilterSkipStats = 1 << 3 // RTEXT_FILTER_SKIP_STATS
)

// linux/if_bridge.h: bits of IFLA_BR_MULTI_BOOLOPT.
const (
	bridgeNoLinkLocalLearn = 1 << 0 // BR_BOOLOPT_NO_LL_LEARN
	bridgeMcastVLANSnoop   = 1 << 1 // BR_BOOLOPT_MCAST_VLAN_SNOOPING
	bridgeMST              = 1 << 2 // BR_BOOLOPT_MST_ENABLE
)

// linux/if_vlan.h: bits of IFLA_VLAN_FLAGS.
const (
	vlanReorderHeader = 0x1  // VLAN_FLAG_REORDER_HDR
	vlanGVRP          = 0x2  // VLAN_FLAG_GVRP
	vlanLooseBinding  = 0x4  // VLAN_FLAG_LOOSE_BINDING
	vlanMVRP          = 0x8  // VLAN_FLAG_MVRP
	vlanBridgeBinding = 0x10 // VLAN_FLAG_BRIDGE_BINDING
)

// linux/if_link.h: bits of IFLA_MACVLAN_FLAGS.
const (
	macvlanNoPromisc = 1 // MACVLAN_FLAG_NOPROMISC
	macvlanNoDst     = 2 // MACVLAN_FLAG_NODST
)

// linux/if.h: the words of IFLA_OPERSTATE and IFLA_LINKMODE, as ip(8) writes them.
var (
	operStates = []string{"UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP"}
	linkModes  = []string{"DEFAULT", "DORMANT"}
)

// linux/if_link.h: the words of IFLA_INET6_ADDR_GEN_MODE, as ip(8) writes them.
var addrGenModes = []string{"eui64", "none", "stable_secret", "random"}
