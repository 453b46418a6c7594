package ops

import (
	"errors"
	"strings"
	"testing"

	"nethelper/internal/kernel"
)

// The messages in this file are those of linux/if_link.h.

// plainHeader is the ifinfomsg of a link without index and flags.
const plainHeader = "00 00 00 00  00 00 00 00  00 00 00 00  00 00 00 00\n"

var linkAddMessages = map[string]struct{ words, message string }{
	"dummy": {
		"name=d0 kind=dummy index=7 up=on arp=off multicast=off mtu=1400 lladdr=02:00:00:00:00:01 txqlen=500 group=3 num_tx_queues=2 num_rx_queues=4", `
		00 00 00 00  07 00 00 00  81 00 00 00  81 10 00 00 | index 7, UP and NOARP of UP, NOARP and MULTICAST
		07 00 03 00  64 30 00 00                           | IFLA_IFNAME d0
		08 00 04 00  78 05 00 00                           | IFLA_MTU
		0a 00 01 00  02 00 00 00 00 01 00 00               | IFLA_ADDRESS
		08 00 0d 00  f4 01 00 00                           | IFLA_TXQLEN
		08 00 1b 00  03 00 00 00                           | IFLA_GROUP
		08 00 1f 00  02 00 00 00                           | IFLA_NUM_TX_QUEUES
		08 00 20 00  04 00 00 00                           | IFLA_NUM_RX_QUEUES
		10 00 12 80                                        | IFLA_LINKINFO
		0a 00 01 00  64 75 6d 6d 79 00 00 00               | IFLA_INFO_KIND dummy`,
	},
	"ifb": {
		"name=i0 kind=ifb promiscuous=on allmulticast=on alias=a", `
		00 00 00 00  00 00 00 00  00 03 00 00  00 03 00 00 | PROMISC and ALLMULTI
		07 00 03 00  69 30 00 00                           | IFLA_IFNAME i0
		05 00 14 00  61 00 00 00                           | IFLA_IFALIAS a, without a zero byte
		0c 00 12 80                                        | IFLA_LINKINFO
		08 00 01 00  69 66 62 00                           | IFLA_INFO_KIND ifb`,
	},
	"vlan": {
		"name=v5 kind=vlan link=lo vlan.id=5", plainHeader + `
		07 00 03 00  76 35 00 00               | IFLA_IFNAME v5
		08 00 05 00  01 00 00 00               | IFLA_LINK lo
		1c 00 12 80                            | IFLA_LINKINFO
		09 00 01 00  76 6c 61 6e 00 00 00 00   | IFLA_INFO_KIND vlan
		0c 00 02 80                            | IFLA_INFO_DATA
		06 00 01 00  05 00 00 00               | IFLA_VLAN_ID`,
	},
	"vlan, with all options": {
		"name=v5 kind=vlan link=lo vlan.id=4094 vlan.protocol=802.1ad vlan.reorder_hdr=off vlan.gvrp=on vlan.mvrp=on vlan.loose_binding=on vlan.bridge_binding=off", plainHeader + `
		07 00 03 00  76 35 00 00               | IFLA_IFNAME v5
		08 00 05 00  01 00 00 00               | IFLA_LINK lo
		30 00 12 80                            | IFLA_LINKINFO
		09 00 01 00  76 6c 61 6e 00 00 00 00   | IFLA_INFO_KIND vlan
		20 00 02 80                            | IFLA_INFO_DATA
		06 00 01 00  fe 0f 00 00               | IFLA_VLAN_ID
		06 00 05 00  88 a8 00 00               | IFLA_VLAN_PROTOCOL, network byte order
		0c 00 02 00  0e 00 00 00  1f 00 00 00  | IFLA_VLAN_FLAGS: GVRP, LOOSE_BINDING and MVRP of all five`,
	},
	"macvlan": {
		"name=m0 kind=macvlan link=lo macvlan.mode=bridge", plainHeader + `
		07 00 03 00  6d 30 00 00                     | IFLA_IFNAME m0
		08 00 05 00  01 00 00 00                     | IFLA_LINK lo
		1c 00 12 80                                  | IFLA_LINKINFO
		0c 00 01 00  6d 61 63 76 6c 61 6e 00         | IFLA_INFO_KIND macvlan
		0c 00 02 80                                  | IFLA_INFO_DATA
		08 00 01 00  04 00 00 00                     | IFLA_MACVLAN_MODE bridge`,
	},
	"macvtap, with all options": {
		"name=m0 kind=macvtap link=lo macvtap.mode=source macvtap.nopromisc=off macvtap.nodst=on macvtap.bc_queue_len=1000", plainHeader + `
		07 00 03 00  6d 30 00 00                     | IFLA_IFNAME m0
		08 00 05 00  01 00 00 00                     | IFLA_LINK lo
		2c 00 12 80                                  | IFLA_LINKINFO
		0c 00 01 00  6d 61 63 76 74 61 70 00         | IFLA_INFO_KIND macvtap
		1c 00 02 80                                  | IFLA_INFO_DATA
		08 00 01 00  10 00 00 00                     | IFLA_MACVLAN_MODE source
		06 00 02 00  02 00 00 00                     | IFLA_MACVLAN_FLAGS NODST
		08 00 07 00  e8 03 00 00                     | IFLA_MACVLAN_BC_QUEUE_LEN`,
	},
	"veth": {
		"name=a kind=veth master=lo peer.name=b peer.mtu=1300 peer.lladdr=02:00:00:00:00:0b peer.txqlen=44 peer.group=9 peer.up=on", plainHeader + `
		06 00 03 00  61 00 00 00                           | IFLA_IFNAME a
		08 00 0a 00  01 00 00 00                           | IFLA_MASTER lo
		54 00 12 80                                        | IFLA_LINKINFO
		09 00 01 00  76 65 74 68 00 00 00 00               | IFLA_INFO_KIND veth
		44 00 02 80                                        | IFLA_INFO_DATA
		40 00 01 80                                        | VETH_INFO_PEER
		00 00 00 00  00 00 00 00  00 00 00 00  00 00 00 00 | its ifinfomsg: not up yet
		06 00 03 00  62 00 00 00                           | IFLA_IFNAME b
		08 00 04 00  14 05 00 00                           | IFLA_MTU
		0a 00 01 00  02 00 00 00 00 0b 00 00               | IFLA_ADDRESS
		08 00 0d 00  2c 00 00 00                           | IFLA_TXQLEN
		08 00 1b 00  09 00 00 00                           | IFLA_GROUP`,
	},
	"vxlan over IPv4, with all options": {
		"name=x kind=vxlan vxlan.id=74565 vxlan.group=239.1.2.3 vxlan.local=10.0.0.1 vxlan.dev=lo vxlan.port=4789 vxlan.port_range=1000-2000 " +
			"vxlan.ttl=64 vxlan.ttl_inherit=on vxlan.tos=0x10 vxlan.df=inherit vxlan.label=0x12345 vxlan.learning=off vxlan.ageing=300 vxlan.limit=9 " +
			"vxlan.proxy=on vxlan.rsc=off vxlan.l2miss=on vxlan.l3miss=on vxlan.external=off vxlan.udp_csum=on vxlan.udp_zero_csum6_tx=on " +
			"vxlan.udp_zero_csum6_rx=on vxlan.remcsum_tx=on vxlan.remcsum_rx=on vxlan.remcsum_nopartial=on vxlan.gbp=on vxlan.gpe=on " +
			"vxlan.vnifilter=off vxlan.localbypass=off", plainHeader + `
		06 00 03 00  78 00 00 00               | IFLA_IFNAME x
		ec 00 12 80                            | IFLA_LINKINFO
		0a 00 01 00  76 78 6c 61 6e 00 00 00   | IFLA_INFO_KIND vxlan
		dc 00 02 80                            | IFLA_INFO_DATA
		08 00 01 00  45 23 01 00               | IFLA_VXLAN_ID
		08 00 02 00  ef 01 02 03               | IFLA_VXLAN_GROUP
		08 00 04 00  0a 00 00 01               | IFLA_VXLAN_LOCAL
		08 00 03 00  01 00 00 00               | IFLA_VXLAN_LINK lo
		06 00 0f 00  12 b5 00 00               | IFLA_VXLAN_PORT, network byte order
		08 00 0a 00  03 e8 07 d0               | IFLA_VXLAN_PORT_RANGE, network byte order
		05 00 05 00  40 00 00 00               | IFLA_VXLAN_TTL
		04 00 1c 00                            | IFLA_VXLAN_TTL_INHERIT, a flag
		05 00 06 00  10 00 00 00               | IFLA_VXLAN_TOS
		05 00 1d 00  02 00 00 00               | IFLA_VXLAN_DF
		08 00 1a 00  00 01 23 45               | IFLA_VXLAN_LABEL, network byte order
		05 00 07 00  00 00 00 00               | IFLA_VXLAN_LEARNING
		08 00 08 00  2c 01 00 00               | IFLA_VXLAN_AGEING
		08 00 09 00  09 00 00 00               | IFLA_VXLAN_LIMIT
		05 00 0b 00  01 00 00 00               | IFLA_VXLAN_PROXY
		05 00 0c 00  00 00 00 00               | IFLA_VXLAN_RSC
		05 00 0d 00  01 00 00 00               | IFLA_VXLAN_L2MISS
		05 00 0e 00  01 00 00 00               | IFLA_VXLAN_L3MISS
		05 00 19 00  00 00 00 00               | IFLA_VXLAN_COLLECT_METADATA
		05 00 12 00  01 00 00 00               | IFLA_VXLAN_UDP_CSUM
		05 00 13 00  01 00 00 00               | IFLA_VXLAN_UDP_ZERO_CSUM6_TX
		05 00 14 00  01 00 00 00               | IFLA_VXLAN_UDP_ZERO_CSUM6_RX
		05 00 15 00  01 00 00 00               | IFLA_VXLAN_REMCSUM_TX
		05 00 16 00  01 00 00 00               | IFLA_VXLAN_REMCSUM_RX
		04 00 18 00                            | IFLA_VXLAN_REMCSUM_NOPARTIAL, a flag
		04 00 17 00                            | IFLA_VXLAN_GBP, a flag
		04 00 1b 00                            | IFLA_VXLAN_GPE, a flag
		05 00 1e 00  00 00 00 00               | IFLA_VXLAN_VNIFILTER
		05 00 1f 00  00 00 00 00               | IFLA_VXLAN_LOCALBYPASS`,
	},
	"vxlan over IPv6": {
		"name=x kind=vxlan vxlan.id=1 vxlan.group=ff05::100 vxlan.local=fd00::1 vxlan.gbp=off", plainHeader + `
		06 00 03 00  78 00 00 00                                         | IFLA_IFNAME x
		44 00 12 80                                                      | IFLA_LINKINFO
		0a 00 01 00  76 78 6c 61 6e 00 00 00                             | IFLA_INFO_KIND vxlan
		34 00 02 80                                                      | IFLA_INFO_DATA
		08 00 01 00  01 00 00 00                                         | IFLA_VXLAN_ID
		14 00 10 00  ff 05 00 00 00 00 00 00 00 00 00 00 00 00 01 00     | IFLA_VXLAN_GROUP6
		14 00 11 00  fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01     | IFLA_VXLAN_LOCAL6`,
	},
	"vxlan, external": {
		"name=x kind=vxlan vxlan.external=on", plainHeader + `
		06 00 03 00  78 00 00 00               | IFLA_IFNAME x
		1c 00 12 80                            | IFLA_LINKINFO
		0a 00 01 00  76 78 6c 61 6e 00 00 00   | IFLA_INFO_KIND vxlan
		0c 00 02 80                            | IFLA_INFO_DATA
		05 00 19 00  01 00 00 00               | IFLA_VXLAN_COLLECT_METADATA`,
	},
	"bridge": {
		"name=b kind=bridge", plainHeader + `
		06 00 03 00  62 00 00 00               | IFLA_IFNAME b
		10 00 12 80                            | IFLA_LINKINFO
		0b 00 01 00  62 72 69 64 67 65 00 00   | IFLA_INFO_KIND bridge`,
	},
	"bridge, with all options": {
		"name=b kind=bridge " + allBridgeWords, plainHeader + `
		06 00 03 00  62 00 00 00               | IFLA_IFNAME b
		44 01 12 80                            | IFLA_LINKINFO
		0b 00 01 00  62 72 69 64 67 65 00 00   | IFLA_INFO_KIND bridge
		34 01 02 80                            | IFLA_INFO_DATA
		` + allBridgeOctets,
	},
}

const allBridgeWords = "bridge.forward_delay=1500 bridge.hello_time=200 bridge.max_age=2000 bridge.ageing_time=30000 bridge.stp=on bridge.priority=32768 " +
	"bridge.group_fwd_mask=0x4008 bridge.group_addr=01:80:c2:00:00:0e bridge.no_linklocal_learn=on bridge.fdb_max_learned=1024 " +
	"bridge.vlan_filtering=on bridge.vlan_protocol=802.1ad bridge.vlan_default_pvid=none bridge.vlan_stats_enabled=on bridge.vlan_stats_per_port=off " +
	"bridge.mst_enabled=off bridge.mcast_snooping=on bridge.mcast_vlan_snooping=on bridge.mcast_router=always bridge.mcast_query_use_ifaddr=on " +
	"bridge.mcast_querier=on bridge.mcast_hash_max=4096 bridge.mcast_last_member_count=2 bridge.mcast_startup_query_count=3 " +
	"bridge.mcast_last_member_interval=100 bridge.mcast_membership_interval=26000 bridge.mcast_querier_interval=25500 bridge.mcast_query_interval=12500 " +
	"bridge.mcast_query_response_interval=1000 bridge.mcast_startup_query_interval=3125 bridge.mcast_stats_enabled=on bridge.mcast_igmp_version=3 " +
	"bridge.mcast_mld_version=2 bridge.nf_call_iptables=on bridge.nf_call_ip6tables=off bridge.nf_call_arptables=on"

const allBridgeOctets = `
		08 00 01 00  dc 05 00 00               | IFLA_BR_FORWARD_DELAY
		08 00 02 00  c8 00 00 00               | IFLA_BR_HELLO_TIME
		08 00 03 00  d0 07 00 00               | IFLA_BR_MAX_AGE
		08 00 04 00  30 75 00 00               | IFLA_BR_AGEING_TIME
		08 00 05 00  01 00 00 00               | IFLA_BR_STP_STATE
		06 00 06 00  00 80 00 00               | IFLA_BR_PRIORITY
		06 00 09 00  08 40 00 00               | IFLA_BR_GROUP_FWD_MASK
		0a 00 14 00  01 80 c2 00 00 0e 00 00   | IFLA_BR_GROUP_ADDR
		08 00 31 00  00 04 00 00               | IFLA_BR_FDB_MAX_LEARNED
		06 00 08 00  88 a8 00 00               | IFLA_BR_VLAN_PROTOCOL, network byte order
		05 00 07 00  01 00 00 00               | IFLA_BR_VLAN_FILTERING
		06 00 27 00  00 00 00 00               | IFLA_BR_VLAN_DEFAULT_PVID
		05 00 29 00  01 00 00 00               | IFLA_BR_VLAN_STATS_ENABLED
		05 00 2d 00  00 00 00 00               | IFLA_BR_VLAN_STATS_PER_PORT
		0c 00 2e 00  03 00 00 00  07 00 00 00  | IFLA_BR_MULTI_BOOLOPT: NO_LL_LEARN and MCAST_VLAN_SNOOPING of all three
		05 00 17 00  01 00 00 00               | IFLA_BR_MCAST_SNOOPING
		05 00 16 00  02 00 00 00               | IFLA_BR_MCAST_ROUTER
		05 00 18 00  01 00 00 00               | IFLA_BR_MCAST_QUERY_USE_IFADDR
		05 00 19 00  01 00 00 00               | IFLA_BR_MCAST_QUERIER
		08 00 1b 00  00 10 00 00               | IFLA_BR_MCAST_HASH_MAX
		08 00 1c 00  02 00 00 00               | IFLA_BR_MCAST_LAST_MEMBER_CNT
		08 00 1d 00  03 00 00 00               | IFLA_BR_MCAST_STARTUP_QUERY_CNT
		0c 00 1e 00  64 00 00 00 00 00 00 00   | IFLA_BR_MCAST_LAST_MEMBER_INTVL
		0c 00 1f 00  90 65 00 00 00 00 00 00   | IFLA_BR_MCAST_MEMBERSHIP_INTVL
		0c 00 20 00  9c 63 00 00 00 00 00 00   | IFLA_BR_MCAST_QUERIER_INTVL
		0c 00 21 00  d4 30 00 00 00 00 00 00   | IFLA_BR_MCAST_QUERY_INTVL
		0c 00 22 00  e8 03 00 00 00 00 00 00   | IFLA_BR_MCAST_QUERY_RESPONSE_INTVL
		0c 00 23 00  35 0c 00 00 00 00 00 00   | IFLA_BR_MCAST_STARTUP_QUERY_INTVL
		05 00 2a 00  01 00 00 00               | IFLA_BR_MCAST_STATS_ENABLED
		05 00 2b 00  03 00 00 00               | IFLA_BR_MCAST_IGMP_VERSION
		05 00 2c 00  02 00 00 00               | IFLA_BR_MCAST_MLD_VERSION
		05 00 24 00  01 00 00 00               | IFLA_BR_NF_CALL_IPTABLES
		05 00 25 00  00 00 00 00               | IFLA_BR_NF_CALL_IP6TABLES
		05 00 26 00  01 00 00 00               | IFLA_BR_NF_CALL_ARPTABLES`

func TestLinkAddMessage(t *testing.T) {
	for name, c := range linkAddMessages {
		t.Run(name, func(t *testing.T) {
			at := ownResolver(t)
			r := paramsOf[LinkAddParams](t, LinkAdd.Op, c.words).request(at)
			if at.err != nil {
				t.Fatal(at.err)
			}
			sameOctets(t, r.Body(), octets(t, c.message))
		})
	}
}

// Every attribute of link.add is in one of the messages, but for those that name
// namespaces, whose numbers are of the moment.
func TestLinkAddMessagesAreComplete(t *testing.T) {
	words := ""
	for _, c := range linkAddMessages {
		words += " " + c.words
	}
	for _, f := range LinkAdd.Attrs() {
		switch f.Name {
		case "netns", "peer.netns", "if_present":
			continue
		}
		// macvlan and macvtap have the same options, in one of the two groups.
		if !strings.Contains(words, " "+f.Name+"=") && !strings.Contains(words, " "+strings.Replace(f.Name, "macvlan.", "macvtap.", 1)+"=") {
			t.Errorf("no message has %s", f.Name)
		}
	}
}

func TestLinkSetMessage(t *testing.T) {
	for name, c := range map[string]struct{ words, message string }{
		"flags are changed under a mask": {
			"dev=lo up=off arp=on", `
			00 00 00 00  09 00 00 00  00 00 00 00  81 00 00 00 | index 9, neither of UP and NOARP`,
		},
		"an empty alias removes it": {
			"dev=lo alias=", `
			00 00 00 00  09 00 00 00  00 00 00 00  00 00 00 00
			04 00 14 00                                        | IFLA_IFALIAS, empty`,
		},
		"a release is a master of 0": {
			"dev=lo nomaster=on", `
			00 00 00 00  09 00 00 00  00 00 00 00  00 00 00 00
			08 00 0a 00  00 00 00 00                           | IFLA_MASTER`,
		},
		"a name, and options of a bridge": {
			"dev=lo name=b1 bridge.stp=off bridge.mst_enabled=on", `
			00 00 00 00  09 00 00 00  00 00 00 00  00 00 00 00
			07 00 03 00  62 31 00 00                           | IFLA_IFNAME b1
			28 00 12 80                                        | IFLA_LINKINFO
			0b 00 01 00  62 72 69 64 67 65 00 00               | IFLA_INFO_KIND bridge
			18 00 02 80                                        | IFLA_INFO_DATA
			08 00 05 00  00 00 00 00                           | IFLA_BR_STP_STATE
			0c 00 2e 00  04 00 00 00  04 00 00 00              | IFLA_BR_MULTI_BOOLOPT: MST_ENABLE`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			at := ownResolver(t)
			r := paramsOf[LinkSetParams](t, LinkSet.Op, c.words).request(at, 9)
			if at.err != nil {
				t.Fatal(at.err)
			}
			sameOctets(t, r.Body(), octets(t, c.message))
		})
	}
}

func TestLinkVFSetMessage(t *testing.T) {
	const header = "00 00 00 00  09 00 00 00  00 00 00 00  00 00 00 00\n"
	for name, c := range map[string]struct{ words, message string }{
		"address": {
			"lladdr=02:00:00:00:00:01", header + `
			30 00 16 80                                       | IFLA_VFINFO_LIST
			2c 00 01 80                                       | IFLA_VF_INFO
			28 00 01 00  03 00 00 00  02 00 00 00 00 01       | IFLA_VF_MAC: 32 bytes for the address
			00 00 00 00 00 00 00 00 00 00 00 00 00
			00 00 00 00 00 00 00 00 00 00 00 00 00`,
		},
		"VLAN of the usual protocol": {
			"vlan=100 qos=5", header + `
			18 00 16 80                                       | IFLA_VFINFO_LIST
			14 00 01 80                                       | IFLA_VF_INFO
			10 00 02 00  03 00 00 00  64 00 00 00  05 00 00 00 | IFLA_VF_VLAN`,
		},
		"VLAN of another protocol": {
			"vlan=100 vlan_protocol=802.1ad", header + `
			20 00 16 80                                       | IFLA_VFINFO_LIST
			1c 00 01 80                                       | IFLA_VF_INFO
			18 00 0c 80                                       | IFLA_VF_VLAN_LIST
			14 00 01 00  03 00 00 00  64 00 00 00  00 00 00 00 | IFLA_VF_VLAN_INFO
			88 a8 00 00`,
		},
		"no VLAN": {
			"vlan=none", header + `
			18 00 16 80                                       | IFLA_VFINFO_LIST
			14 00 01 80                                       | IFLA_VF_INFO
			10 00 02 00  03 00 00 00  00 00 00 00  00 00 00 00 | IFLA_VF_VLAN`,
		},
		"rates": {
			"min_tx_rate=100 max_tx_rate=1000", header + `
			18 00 16 80                                       | IFLA_VFINFO_LIST
			14 00 01 80                                       | IFLA_VF_INFO
			10 00 06 00  03 00 00 00  64 00 00 00  e8 03 00 00 | IFLA_VF_RATE: least, most`,
		},
		"the rest": {
			"spoofchk=off state=disable query_rss=on trust=on", header + `
			38 00 16 80                                       | IFLA_VFINFO_LIST
			34 00 01 80                                       | IFLA_VF_INFO
			0c 00 04 00  03 00 00 00  00 00 00 00             | IFLA_VF_SPOOFCHK
			0c 00 05 00  03 00 00 00  02 00 00 00             | IFLA_VF_LINK_STATE
			0c 00 07 00  03 00 00 00  01 00 00 00             | IFLA_VF_RSS_QUERY_EN
			0c 00 09 00  03 00 00 00  01 00 00 00             | IFLA_VF_TRUST`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := paramsOf[LinkVFSetParams](t, LinkVFSet.Op, "dev=lo vf=3 "+c.words)
			sameOctets(t, p.request(9).Body(), octets(t, c.message))
		})
	}
}

// A name that cannot be resolved ends in an error that names the attribute, and
// not in a message that means another link.
func TestLinkNamesAreResolved(t *testing.T) {
	for words, want := range map[string]string{
		"kind=bridge master=nolink0":                    "master",
		"kind=macvlan link=nolink0 macvlan.mode=bridge": "link",
		"kind=vxlan vxlan.id=1 vxlan.dev=nolink0":       "vxlan.dev",
		"kind=veth peer.name=b peer.netns=no-such-ns-0": "peer.netns",
	} {
		at := ownResolver(t)
		paramsOf[LinkAddParams](t, LinkAdd.Op, "name=a "+words).request(at)
		var e *kernel.Error
		if !errors.As(at.err, &e) || e.Attr != want {
			t.Errorf("%s: %v, want an error about %s", words, at.err, want)
		}
	}
}
