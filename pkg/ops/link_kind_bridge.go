package ops

import (
	"encoding/binary"
	"fmt"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// bridgeKind makes bridges (IEEE 802.1D). Their options are settings, which
// link.set can change.
var bridgeKind = linkKind{
	kind:  attr.Bridge,
	given: func(p *LinkAddParams) bool { return p.Bridge != nil },
	encode: func(r *kernel.Request, at *resolver, p *LinkAddParams) {
		encodeOptions(r, at, bridgeOptions, p.Bridge)
	},
	decode: func(ad *kernel.Attributes, l *Link) {
		l.Bridge = new(Bridge)
		for ad.Next() {
			decodeOption(ad, bridgeOptions, &l.Bridge.BridgeOptions)
			l.Bridge.decode(ad)
		}
	},
}

// BridgeOptions are the options of a bridge.
type BridgeOptions struct {
	ForwardDelay           *attr.Centiseconds    `cbor:"forward_delay,omitempty" help:"time in each of the states listening and learning"`
	HelloTime              *attr.Centiseconds    `cbor:"hello_time,omitempty" help:"time between two hello messages of the root"`
	MaxAge                 *attr.Centiseconds    `cbor:"max_age,omitempty" help:"time without hello messages after which the root counts as gone"`
	AgeingTime             *attr.Centiseconds    `cbor:"ageing_time,omitempty" help:"time after which a learnt address is forgotten"`
	STP                    *attr.Flag            `cbor:"stp,omitempty" help:"whether the spanning tree protocol runs"`
	Priority               *attr.BridgePriority  `cbor:"priority,omitempty" help:"priority in the election of the root"`
	GroupForwardMask       *attr.ForwardMask     `cbor:"group_fwd_mask,omitempty" help:"mask of the link-local groups that are forwarded"`
	GroupAddress           *attr.LLAddr          `cbor:"group_addr,omitempty" help:"group address of the spanning tree protocol"`
	NoLinkLocalLearn       *attr.Flag            `cbor:"no_linklocal_learn,omitempty" help:"whether nothing is learnt from link-local packets"`
	FDBMaxLearned          *attr.Limit           `cbor:"fdb_max_learned,omitempty" since:"6.7" help:"how many addresses may be learnt; 0 is no limit"`
	VLANFiltering          *attr.Flag            `cbor:"vlan_filtering,omitempty" help:"whether packets are forwarded within their VLAN only"`
	VLANProtocol           *attr.VLANProtocol    `cbor:"vlan_protocol,omitempty" help:"EtherType of the tags"`
	VLANDefaultPVID        *attr.PortVLAN        `cbor:"vlan_default_pvid,omitempty" help:"VLAN of the untagged packets of a new port"`
	VLANStats              *attr.Flag            `cbor:"vlan_stats_enabled,omitempty" help:"whether packets are counted for each VLAN"`
	VLANStatsPerPort       *attr.Flag            `cbor:"vlan_stats_per_port,omitempty" help:"whether packets are counted for each VLAN of each port"`
	MST                    *attr.Flag            `cbor:"mst_enabled,omitempty" since:"5.18" help:"whether VLANs have spanning trees of their own"`
	McastSnooping          *attr.Flag            `cbor:"mcast_snooping,omitempty" help:"whether the bridge listens to memberships in multicast groups"`
	McastVLANSnooping      *attr.Flag            `cbor:"mcast_vlan_snooping,omitempty" since:"5.15" help:"whether that is done for each VLAN"`
	McastRouter            *attr.MulticastRouter `cbor:"mcast_router,omitempty" help:"when the bridge is a multicast router"`
	McastQueryUseIfaddr    *attr.Flag            `cbor:"mcast_query_use_ifaddr,omitempty" help:"whether queries have the address of the bridge as source, rather than 0.0.0.0"`
	McastQuerier           *attr.Flag            `cbor:"mcast_querier,omitempty" help:"whether the bridge sends queries"`
	McastHashMax           *attr.Limit           `cbor:"mcast_hash_max,omitempty" help:"how many multicast groups there may be"`
	McastLastMemberCount   *attr.QueryCount      `cbor:"mcast_last_member_count,omitempty" help:"queries after a member has left"`
	McastStartupQueryCount *attr.QueryCount      `cbor:"mcast_startup_query_count,omitempty" help:"queries at the start"`
	McastLastMemberIntvl   *attr.Centiseconds    `cbor:"mcast_last_member_interval,omitempty" help:"time between queries after a member has left"`
	McastMembershipIntvl   *attr.Centiseconds    `cbor:"mcast_membership_interval,omitempty" help:"time without reports after which a group is left"`
	McastQuerierIntvl      *attr.Centiseconds    `cbor:"mcast_querier_interval,omitempty" help:"time without queries after which another querier counts as gone"`
	McastQueryIntvl        *attr.Centiseconds    `cbor:"mcast_query_interval,omitempty" help:"time between queries"`
	McastQueryRespIntvl    *attr.Centiseconds    `cbor:"mcast_query_response_interval,omitempty" help:"time for the answers to a query"`
	McastStartupQueryIntvl *attr.Centiseconds    `cbor:"mcast_startup_query_interval,omitempty" help:"time between queries at the start"`
	McastStats             *attr.Flag            `cbor:"mcast_stats_enabled,omitempty" help:"whether reports and queries are counted"`
	McastIGMPVersion       *attr.IGMPVersion     `cbor:"mcast_igmp_version,omitempty" help:"version of IGMP that is spoken"`
	McastMLDVersion        *attr.MLDVersion      `cbor:"mcast_mld_version,omitempty" help:"version of MLD that is spoken"`
	NFCallIPTables         *attr.Flag            `cbor:"nf_call_iptables,omitempty" help:"whether IPv4 packets pass the hooks of iptables"`
	NFCallIP6Tables        *attr.Flag            `cbor:"nf_call_ip6tables,omitempty" help:"whether IPv6 packets pass the hooks of ip6tables"`
	NFCallARPTables        *attr.Flag            `cbor:"nf_call_arptables,omitempty" help:"whether ARP packets pass the hooks of arptables"`
}

var bridgeOptions = []option[BridgeOptions]{
	option32("bridge.forward_delay", unix.IFLA_BR_FORWARD_DELAY, func(o *BridgeOptions) **attr.Centiseconds { return &o.ForwardDelay }),
	option32("bridge.hello_time", unix.IFLA_BR_HELLO_TIME, func(o *BridgeOptions) **attr.Centiseconds { return &o.HelloTime }),
	option32("bridge.max_age", unix.IFLA_BR_MAX_AGE, func(o *BridgeOptions) **attr.Centiseconds { return &o.MaxAge }),
	option32("bridge.ageing_time", unix.IFLA_BR_AGEING_TIME, func(o *BridgeOptions) **attr.Centiseconds { return &o.AgeingTime }),
	bridgeSTP,
	option16("bridge.priority", unix.IFLA_BR_PRIORITY, func(o *BridgeOptions) **attr.BridgePriority { return &o.Priority }),
	option16("bridge.group_fwd_mask", unix.IFLA_BR_GROUP_FWD_MASK, func(o *BridgeOptions) **attr.ForwardMask { return &o.GroupForwardMask }),
	optionLLAddr("bridge.group_addr", unix.IFLA_BR_GROUP_ADDR, func(o *BridgeOptions) **attr.LLAddr { return &o.GroupAddress }),
	option32("bridge.fdb_max_learned", unix.IFLA_BR_FDB_MAX_LEARNED, func(o *BridgeOptions) **attr.Limit { return &o.FDBMaxLearned }),
	option16BE("bridge.vlan_protocol", unix.IFLA_BR_VLAN_PROTOCOL, func(o *BridgeOptions) **attr.VLANProtocol { return &o.VLANProtocol }),
	optionBool("bridge.vlan_filtering", unix.IFLA_BR_VLAN_FILTERING, func(o *BridgeOptions) **attr.Flag { return &o.VLANFiltering }),
	option16("bridge.vlan_default_pvid", unix.IFLA_BR_VLAN_DEFAULT_PVID, func(o *BridgeOptions) **attr.PortVLAN { return &o.VLANDefaultPVID }),
	optionBool("bridge.vlan_stats_enabled", unix.IFLA_BR_VLAN_STATS_ENABLED, func(o *BridgeOptions) **attr.Flag { return &o.VLANStats }),
	optionBool("bridge.vlan_stats_per_port", unix.IFLA_BR_VLAN_STATS_PER_PORT, func(o *BridgeOptions) **attr.Flag { return &o.VLANStatsPerPort }),
	optionBits(unix.IFLA_BR_MULTI_BOOLOPT,
		flagBit[BridgeOptions]{"bridge.no_linklocal_learn", bridgeNoLinkLocalLearn, func(o *BridgeOptions) **attr.Flag { return &o.NoLinkLocalLearn }},
		flagBit[BridgeOptions]{"bridge.mcast_vlan_snooping", bridgeMcastVLANSnoop, func(o *BridgeOptions) **attr.Flag { return &o.McastVLANSnooping }},
		flagBit[BridgeOptions]{"bridge.mst_enabled", bridgeMST, func(o *BridgeOptions) **attr.Flag { return &o.MST }}),
	optionBool("bridge.mcast_snooping", unix.IFLA_BR_MCAST_SNOOPING, func(o *BridgeOptions) **attr.Flag { return &o.McastSnooping }),
	option8("bridge.mcast_router", unix.IFLA_BR_MCAST_ROUTER, func(o *BridgeOptions) **attr.MulticastRouter { return &o.McastRouter }),
	optionBool("bridge.mcast_query_use_ifaddr", unix.IFLA_BR_MCAST_QUERY_USE_IFADDR, func(o *BridgeOptions) **attr.Flag { return &o.McastQueryUseIfaddr }),
	optionBool("bridge.mcast_querier", unix.IFLA_BR_MCAST_QUERIER, func(o *BridgeOptions) **attr.Flag { return &o.McastQuerier }),
	option32("bridge.mcast_hash_max", unix.IFLA_BR_MCAST_HASH_MAX, func(o *BridgeOptions) **attr.Limit { return &o.McastHashMax }),
	option32("bridge.mcast_last_member_count", unix.IFLA_BR_MCAST_LAST_MEMBER_CNT, func(o *BridgeOptions) **attr.QueryCount { return &o.McastLastMemberCount }),
	option32("bridge.mcast_startup_query_count", unix.IFLA_BR_MCAST_STARTUP_QUERY_CNT, func(o *BridgeOptions) **attr.QueryCount { return &o.McastStartupQueryCount }),
	option64("bridge.mcast_last_member_interval", unix.IFLA_BR_MCAST_LAST_MEMBER_INTVL, func(o *BridgeOptions) **attr.Centiseconds { return &o.McastLastMemberIntvl }),
	option64("bridge.mcast_membership_interval", unix.IFLA_BR_MCAST_MEMBERSHIP_INTVL, func(o *BridgeOptions) **attr.Centiseconds { return &o.McastMembershipIntvl }),
	option64("bridge.mcast_querier_interval", unix.IFLA_BR_MCAST_QUERIER_INTVL, func(o *BridgeOptions) **attr.Centiseconds { return &o.McastQuerierIntvl }),
	option64("bridge.mcast_query_interval", unix.IFLA_BR_MCAST_QUERY_INTVL, func(o *BridgeOptions) **attr.Centiseconds { return &o.McastQueryIntvl }),
	option64("bridge.mcast_query_response_interval", unix.IFLA_BR_MCAST_QUERY_RESPONSE_INTVL, func(o *BridgeOptions) **attr.Centiseconds { return &o.McastQueryRespIntvl }),
	option64("bridge.mcast_startup_query_interval", unix.IFLA_BR_MCAST_STARTUP_QUERY_INTVL, func(o *BridgeOptions) **attr.Centiseconds { return &o.McastStartupQueryIntvl }),
	optionBool("bridge.mcast_stats_enabled", unix.IFLA_BR_MCAST_STATS_ENABLED, func(o *BridgeOptions) **attr.Flag { return &o.McastStats }),
	option8("bridge.mcast_igmp_version", unix.IFLA_BR_MCAST_IGMP_VERSION, func(o *BridgeOptions) **attr.IGMPVersion { return &o.McastIGMPVersion }),
	option8("bridge.mcast_mld_version", unix.IFLA_BR_MCAST_MLD_VERSION, func(o *BridgeOptions) **attr.MLDVersion { return &o.McastMLDVersion }),
	optionBool("bridge.nf_call_iptables", unix.IFLA_BR_NF_CALL_IPTABLES, func(o *BridgeOptions) **attr.Flag { return &o.NFCallIPTables }),
	optionBool("bridge.nf_call_ip6tables", unix.IFLA_BR_NF_CALL_IP6TABLES, func(o *BridgeOptions) **attr.Flag { return &o.NFCallIP6Tables }),
	optionBool("bridge.nf_call_arptables", unix.IFLA_BR_NF_CALL_ARPTABLES, func(o *BridgeOptions) **attr.Flag { return &o.NFCallARPTables }),
}

// bridgeSTP is a flag in 32 bits. A spanning tree that another program runs, 2,
// is on.
var bridgeSTP = optional(unix.IFLA_BR_STP_STATE, func(o *BridgeOptions) **attr.Flag { return &o.STP },
	func(r *kernel.Request, v attr.Flag) {
		r.Uint32("bridge.stp", unix.IFLA_BR_STP_STATE, uint32(bit(v)))
	},
	func(ad *kernel.Attributes) attr.Flag { return ad.Uint32() != 0 })

// A Bridge is what a link of kind bridge has beside what all links have.
type Bridge struct {
	BridgeOptions
	ID                     string     `cbor:"bridge_id" help:"priority and address that identify the bridge"`
	RootID                 string     `cbor:"root_id" help:"those of the root"`
	RootPort               uint16     `cbor:"root_port" help:"number of the port towards the root, or 0"`
	RootPathCost           uint32     `cbor:"root_path_cost" help:"cost of the path to the root"`
	TopologyChange         attr.Flag  `cbor:"topology_change" help:"whether the topology is changing"`
	TopologyChangeDetected attr.Flag  `cbor:"topology_change_detected" help:"whether this bridge has seen it change"`
	FDBLearned             attr.Limit `cbor:"fdb_n_learned" help:"how many addresses are learnt"`
}

// decode reads the current attribute if it is no option.
func (b *Bridge) decode(ad *kernel.Attributes) {
	switch ad.Type() {
	case unix.IFLA_BR_BRIDGE_ID:
		b.ID = bridgeID(ad)
	case unix.IFLA_BR_ROOT_ID:
		b.RootID = bridgeID(ad)
	case unix.IFLA_BR_ROOT_PORT:
		b.RootPort = ad.Uint16()
	case unix.IFLA_BR_ROOT_PATH_COST:
		b.RootPathCost = ad.Uint32()
	case unix.IFLA_BR_TOPOLOGY_CHANGE:
		b.TopologyChange = ad.Uint8() != 0
	case unix.IFLA_BR_TOPOLOGY_CHANGE_DETECTED:
		b.TopologyChangeDetected = ad.Uint8() != 0
	case unix.IFLA_BR_FDB_N_LEARNED:
		b.FDBLearned = attr.Limit(ad.Uint32())
	}
}

// bridgeID reads a structure of a priority and an Ethernet address
// (ifla_bridge_id), which is written 8000.fa:16:3e:00:00:01.
func bridgeID(ad *kernel.Attributes) string {
	b := exactBytes(ad, 8)
	return fmt.Sprintf("%04x.%s", binary.BigEndian.Uint16(b), attr.LLAddrFrom(b[2:]))
}
