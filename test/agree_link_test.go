package test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"nethelper/pkg/ops"
)

// agreeLinks makes links of many kinds and states.
const agreeLinks = `
	ip link add b0 type bridge forward_delay 400 stp_state 1 group_fwd_mask 8 mcast_snooping 0
	ip link add v0 mtu 1400 txqlen 55 address 02:00:00:00:00:01 numtxqueues 2 type veth peer name v1
	ip link set v0 master b0 up alias 'a port' promisc on group 7
	ip link set v1 up multicast off
	ip link set b0 up
	ip link property add dev v1 altname second altname third
	ip link set lo up
	ip netns add red
	ip link add v2 type veth peer name v3 netns red
	ip link set v2 addrgenmode none
	ip link add x0 type vxlan id 5 group 239.1.1.1 dev v1 dstport 4789 srcport 1000 2000 ttl 5 tos 0x10 df set ageing 7 nolearning proxy gbp
	ip link add x1 type vxlan id 6 remote fd00::2 local fd00::1 dstport 4790 ttl inherit flowlabel 0x12345 udp6zerocsumtx
	ip link add x2 type vxlan external dstport 4791
	ip link add m0 link v1 type macvlan mode bridge bcqueuelen 2000 2>/dev/null || true
	ip link add t0 link v1 type macvtap mode private 2>/dev/null || true
	ip link add i0 type ifb
	ip tuntap add tap0 mode tap 2>/dev/null || true
	ip link add d0 type dummy 2>/dev/null || true
	ip link add l0 link v1 type vlan protocol 802.1ad id 100 gvrp on 2>/dev/null || true
`

// linkKeys tells what ip(8) calls a field of a link. Behind a dash stands why it
// is not compared.
var linkKeys = map[string]string{
	"index":             "ifindex",
	"name":              "ifname",
	"altnames":          "altnames",
	"kind":              "linkinfo.info_kind",
	"slave_kind":        "linkinfo.info_slave_kind",
	"mtu":               "mtu",
	"min_mtu":           "min_mtu",
	"max_mtu":           "max_mtu",
	"lladdr":            "address",
	"perm_lladdr":       "permaddr",
	"broadcast":         "broadcast",
	"flags":             "flags",
	"operstate":         "operstate",
	"linkmode":          "linkmode",
	"carrier":           "- only as a flag",
	"carrier_changes":   "- only with -s -s",
	"qdisc":             "qdisc",
	"txqlen":            "txqlen",
	"group":             "group",
	"master":            "master",
	"master_index":      "- the name is resolved",
	"link":              "link",
	"link_index":        "- the name is resolved, or see below",
	"link_netnsid":      "link_netnsid",
	"alias":             "ifalias",
	"promiscuity":       "promiscuity",
	"allmulti":          "allmulti",
	"num_tx_queues":     "num_tx_queues",
	"num_rx_queues":     "num_rx_queues",
	"gso_max_size":      "gso_max_size",
	"gso_max_segs":      "gso_max_segs",
	"gso_ipv4_max_size": "- since iproute2 6.3",
	"tso_max_size":      "tso_max_size",
	"tso_max_segs":      "tso_max_segs",
	"gro_max_size":      "gro_max_size",
	"gro_ipv4_max_size": "- since iproute2 6.3",
	"phys_port_name":    "phys_port_name",
	"phys_port_id":      "phys_port_id",
	"phys_switch_id":    "phys_switch_id",
	"parent_dev":        "parentdev",
	"parent_bus":        "parentbus",
	"addrgenmode":       "inet6_addr_gen_mode",
	"num_vf":            "num_vf",
	"vfs":               "- the links here have none",
	"bridge":            "- by kind",
	"macvlan":           "- by kind",
	"macvtap":           "- by kind",
	"vlan":              "- by kind",
	"vxlan":             "- by kind",
}

// linkDataKeys tells the same of the options of a kind.
var linkDataKeys = map[string]map[string]string{
	"bridge": {
		"forward_delay": "forward_delay", "hello_time": "hello_time", "max_age": "max_age", "ageing_time": "ageing_time",
		"stp": "stp_state", "priority": "priority", "group_fwd_mask": "group_fwd_mask", "group_addr": "group_addr",
		"no_linklocal_learn": "no_linklocal_learn", "fdb_max_learned": "- since iproute2 6.7", "fdb_n_learned": "- since iproute2 6.7",
		"vlan_filtering": "vlan_filtering", "vlan_protocol": "vlan_protocol", "vlan_default_pvid": "vlan_default_pvid",
		"vlan_stats_enabled": "vlan_stats_enabled", "vlan_stats_per_port": "vlan_stats_per_port", "mst_enabled": "- since iproute2 6.10",
		"mcast_snooping": "mcast_snooping", "mcast_vlan_snooping": "mcast_vlan_snooping", "mcast_router": "mcast_router",
		"mcast_query_use_ifaddr": "mcast_query_use_ifaddr", "mcast_querier": "mcast_querier", "mcast_hash_max": "mcast_hash_max",
		"mcast_last_member_count": "mcast_last_member_cnt", "mcast_startup_query_count": "mcast_startup_query_cnt",
		"mcast_last_member_interval": "mcast_last_member_intvl", "mcast_membership_interval": "mcast_membership_intvl",
		"mcast_querier_interval": "mcast_querier_intvl", "mcast_query_interval": "mcast_query_intvl",
		"mcast_query_response_interval": "mcast_query_response_intvl", "mcast_startup_query_interval": "mcast_startup_query_intvl",
		"mcast_stats_enabled": "mcast_stats_enabled", "mcast_igmp_version": "mcast_igmp_version", "mcast_mld_version": "mcast_mld_version",
		"nf_call_iptables": "nf_call_iptables", "nf_call_ip6tables": "nf_call_ip6tables", "nf_call_arptables": "nf_call_arptables",
		"bridge_id": "bridge_id", "root_id": "root_id", "root_port": "root_port", "root_path_cost": "root_path_cost",
		"topology_change": "topology_change", "topology_change_detected": "topology_change_detected",
	},
	"macvlan": macvlanKeys,
	"macvtap": macvlanKeys,
	"vlan": {
		"id": "id", "protocol": "protocol", "reorder_hdr": "flags", "gvrp": "flags", "mvrp": "flags",
		"loose_binding": "flags", "bridge_binding": "flags",
	},
	"vxlan": {
		"id": "id", "group": "group group6 remote remote6", "local": "local local6", "dev": "link", "dev_index": "- the name is resolved",
		"port": "port", "port_range": "port_range", "ttl": "ttl", "ttl_inherit": "- not in JSON", "tos": "tos", "df": "df", "label": "label",
		"learning": "learning", "ageing": "ageing", "limit": "limit", "proxy": "proxy", "rsc": "rsc", "l2miss": "l2miss", "l3miss": "l3miss",
		"external": "external", "udp_csum": "udp_csum", "udp_zero_csum6_tx": "udp_zero_csum6_tx", "udp_zero_csum6_rx": "udp_zero_csum6_rx",
		"remcsum_tx": "remcsum_tx", "remcsum_rx": "remcsum_rx", "remcsum_nopartial": "- never", "gbp": "gbp", "gpe": "gpe",
		"vnifilter": "vnifilter", "localbypass": "- since iproute2 6.5",
	},
}

var macvlanKeys = map[string]string{
	"mode": "mode", "nopromisc": "- as text only", "nodst": "- as text only", "bc_queue_len": "bcqueuelen",
}

// ipOnly are the keys of ip that link.list has nothing for, and why.
var ipOnly = map[string]string{
	"link_type":             "the hardware type follows from the kind",
	"link_index":            "compared where the name is unknown",
	"linkinfo":              "compared by kind",
	"vfinfo_list":           "the links here have none",
	"hello_timer":           "moves",
	"tcn_timer":             "moves",
	"topology_change_timer": "moves",
	"gc_timer":              "moves",
	"mcast_hash_elasticity": "a constant of the kernel",
	"usedbcqueuelen":        "what all links on the parent asked for",
}

// TestLinksAgree compares link.list, field by field, with what ip(8) shows of the
// same namespace. Nothing may be missing on either side without a reason.
func TestLinksAgree(t *testing.T) {
	t.Parallel()
	l := newLab(t, "grant uid:0 link.list")
	l.sh(agreeLinks)
	var ours, theirs []map[string]any
	decodeJSON(t, l.sh("nethelperctl --json link.list"), &ours)
	decodeJSON(t, l.sh("ip -j -d link show"), &theirs)
	if len(ours) != len(theirs) || len(ours) < 10 {
		t.Fatalf("%d links, ip has %d", len(ours), len(theirs))
	}
	for _, c := range ops.LinkList.Result() {
		if linkKeys[c.Name] == "" {
			t.Errorf("field %s is not compared", c.Name)
		}
	}
	for i, link := range ours {
		other := theirs[i]
		compareKeys(t, fmt.Sprint(other["ifname"]), linkKeys, link, other)
		if index, ok := other["link_index"]; ok && plain("link_index", index) != plain("link_index", link["link_index"]) {
			t.Errorf("%v: link_index %v, ip has %v", other["ifname"], link["link_index"], index)
		}
		kind := fmt.Sprint(link["kind"])
		if keys, ok := linkDataKeys[kind]; ok {
			compareKeys(t, fmt.Sprint(other["ifname"], " ", kind), keys, link[kind].(map[string]any), at(other, "linkinfo.info_data").(map[string]any))
		}
	}
}

// compareKeys compares an object of ours with one of ip's.
func compareKeys(t *testing.T, what string, keys map[string]string, ours, theirs map[string]any) {
	t.Helper()
	shown := maps.Clone(ipOnly)
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		if strings.HasPrefix(keys[name], "-") {
			continue
		}
		var want any
		for _, key := range strings.Fields(keys[name]) {
			shown[key] = "compared"
			if v := at(theirs, key); v != nil {
				want = v
			}
		}
		if keys[name] == "flags" && name != "flags" {
			list, _ := want.([]any)
			want = slices.Contains(list, any(strings.ToUpper(name)))
		}
		if got, want := plain(name, ours[name]), plain(name, want); got != want {
			t.Errorf("%s: %s is %q, ip has %q", what, name, got, want)
		}
	}
	for name := range ours {
		if keys[name] == "" {
			t.Errorf("%s: %s is not compared", what, name)
		}
	}
	for key := range theirs {
		if shown[key] == "" {
			t.Errorf("%s: ip has %s besides", what, key)
		}
	}
}

// at returns what is at a path of keys with dots between, or nil.
func at(object map[string]any, path string) any {
	key, rest, nested := strings.Cut(path, ".")
	if !nested {
		return object[key]
	}
	inner, _ := object[key].(map[string]any)
	return at(inner, rest)
}

// plain returns a value in a form that is the same on both sides. What ip leaves
// out is off, zero or empty.
func plain(name string, v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		if v {
			return "1"
		}
		return ""
	case []any:
		var texts []string
		for _, e := range v {
			if e != "M-DOWN" { // a word of ip's own
				texts = append(texts, plain(name, e))
			}
		}
		return strings.Join(texts, ",")
	case map[string]any:
		if low, high := v["low"], v["high"]; low != 0.0 || high != 0.0 {
			return fmt.Sprintf("%v-%v", low, high)
		}
		return ""
	}
	text := strings.ToLower(fmt.Sprint(v))
	if word, ok := map[string]string{"never": "0", "query": "1", "always": "2"}[text]; ok {
		text = word
	}
	switch name {
	case "bridge_id", "root_id": // ip leaves out zeros
		priority, address, _ := strings.Cut(text, ".")
		var octets []string
		for o := range strings.SplitSeq(address, ":") {
			octets = append(octets, fmt.Sprintf("%02s", o))
		}
		return priority + "." + strings.Join(octets, ":")
	case "group_fwd_mask":
		text = strings.TrimPrefix(text, "0x")
	}
	switch text {
	case "0", "0x0", "unset":
		return ""
	}
	return text
}

func decodeJSON(t *testing.T, text string, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
}
