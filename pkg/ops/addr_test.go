package ops

import (
	"slices"
	"testing"

	"nethelper/pkg/attr"
	"nethelper/pkg/protocol"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// The messages are those of linux/if_addr.h, written down by hand.
var newAddrMessages = map[string]struct{ words, message string }{
	"an address alone": {"address=10.0.0.1/24", `
		02 18 00 00  03 00 00 00     | ifaddrmsg: AF_INET, 24 bits, index 3
		08 00 02 00  0a 00 00 01     | IFA_LOCAL
		08 00 01 00  0a 00 00 01     | IFA_ADDRESS
	`},
	"all of IPv4": {"address=10.0.0.1/24 auto_broadcast=on label=lab0:x scope=link noprefixroute=on autojoin=on valid_lft=100 preferred_lft=50 metric=7 protocol=77", `
		02 18 00 fd  03 00 00 00     | RT_SCOPE_LINK
		08 00 02 00  0a 00 00 01     | IFA_LOCAL
		08 00 01 00  0a 00 00 01     | IFA_ADDRESS
		08 00 04 00  0a 00 00 ff     | IFA_BROADCAST
		0b 00 03 00  6c 61 62 30 3a 78 00 00 | IFA_LABEL
		08 00 08 00  00 06 00 00     | IFA_FLAGS
		14 00 06 00  32 00 00 00 64 00 00 00 00 00 00 00 00 00 00 00 | IFA_CACHEINFO: preferred before valid
		08 00 09 00  07 00 00 00     | IFA_RT_PRIORITY
		05 00 0b 00  4d 00 00 00     | IFA_PROTO
	`},
	"a peer, whose prefix it is": {"address=10.0.0.1 peer=10.1.0.2/16 auto_broadcast=on", `
		02 10 00 00  03 00 00 00
		08 00 02 00  0a 00 00 01     | IFA_LOCAL
		08 00 01 00  0a 01 00 02     | IFA_ADDRESS
		08 00 04 00  0a 01 ff ff     | IFA_BROADCAST
	`},
	"no broadcast address in 31 bits": {"address=10.0.0.1/31 auto_broadcast=on", `
		02 1f 00 00  03 00 00 00
		08 00 02 00  0a 00 00 01
		08 00 01 00  0a 00 00 01
	`},
	"one of its own in 32": {"address=10.0.0.1 broadcast=10.0.0.1 auto_broadcast=off", `
		02 20 00 00  03 00 00 00
		08 00 02 00  0a 00 00 01
		08 00 01 00  0a 00 00 01
		08 00 04 00  0a 00 00 01
	`},
	"all of IPv6": {"address=fe80::1/64 scope=link nodad=on optimistic=off home=on mngtmpaddr=on valid_lft=9", `
		0a 40 00 fd  03 00 00 00
		14 00 02 00  fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01
		14 00 01 00  fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01
		08 00 08 00  12 01 00 00
		14 00 06 00  09 00 00 00 09 00 00 00 00 00 00 00 00 00 00 00 | preferred as long as it is valid
	`},
}

func TestEncodeNewAddr(t *testing.T) {
	for name, c := range newAddrMessages {
		t.Run(name, func(t *testing.T) {
			p := paramsOf[AddrAddParams](t, AddrAdd.Op, "dev=lab0 "+c.words)
			sameOctets(t, encodeNewAddr(netlink.Create, 3, p.Address, &p.AddrOptions).Body(), octets(t, c.message))
		})
	}
}

// A message that deletes says which address is meant: one that does not would
// delete the first of the link.
func TestEncodeDelAddr(t *testing.T) {
	for words, message := range map[string]string{
		"address=10.0.0.1/24":                     "02 18 00 00 03 00 00 00  08 00 02 00 0a 00 00 01  08 00 01 00 0a 00 00 01",
		"address=10.0.0.1/24 label=lab0:x":        "02 18 00 00 03 00 00 00  08 00 02 00 0a 00 00 01  08 00 01 00 0a 00 00 01  0b 00 03 00 6c 61 62 30 3a 78 00 00",
		"address=10.0.0.1 peer=10.0.0.2/24":       "02 18 00 00 03 00 00 00  08 00 02 00 0a 00 00 01  08 00 01 00 0a 00 00 02",
		"address=10.0.0.1 peer=10.0.0.2 netns=ns": "02 20 00 00 03 00 00 00  08 00 02 00 0a 00 00 01  08 00 01 00 0a 00 00 02",
	} {
		p := paramsOf[AddrDeleteParams](t, AddrDelete.Op, "dev=lab0 "+words)
		sameOctets(t, p.encode(3).Body(), octets(t, message))
	}
}

func TestAddrRefuses(t *testing.T) {
	for words, attrName := range map[string]string{
		"address=10.0.0.1/24 peer=10.0.0.2/24":                           "address",
		"address=10.0.0.1 peer=fd00::1/64":                               "peer",
		"address=10.0.0.1/24 nodad=on":                                   "nodad",
		"address=10.0.0.1/24 optimistic=off":                             "optimistic",
		"address=10.0.0.1/24 home=on":                                    "home",
		"address=10.0.0.1/24 mngtmpaddr=on":                              "mngtmpaddr",
		"address=fd00::1/64 label=lab0":                                  "label",
		"address=fd00::1/64 broadcast=10.0.0.1":                          "broadcast",
		"address=fd00::1/64 auto_broadcast=on":                           "auto_broadcast",
		"address=fd00::1/64 scope=link":                                  "scope",
		"address=fe80::1/64 scope=global":                                "scope",
		"address=fec0::1/64 scope=global":                                "scope",
		"address=::1 scope=global":                                       "scope",
		"address=10.0.0.1/24 broadcast=fd00::1":                          "broadcast",
		"address=10.0.0.1/24 broadcast=10.0.0.255 auto_broadcast=on":     "auto_broadcast",
		"address=10.0.0.1/24 label=lab1":                                 "label",
		"address=10.0.0.1/24 label=lab01":                                "label",
		"address=10.0.0.1/24 valid_lft=0":                                "valid_lft",
		"address=10.0.0.1/24 preferred_lft=9 valid_lft=8":                "preferred_lft",
		"address=10.0.0.1/24 preferred_lft=forever valid_lft=4294967294": "preferred_lft",
	} {
		refuses(t, AddrAdd.Op, "dev=lab0 "+words, attrName)
	}
}

func TestDecodeAddr(t *testing.T) {
	for name, c := range map[string]struct {
		message string
		want    Addr
	}{
		"IPv6 has its address in IFA_ADDRESS alone": {`
			0a 40 80 00  03 00 00 00
			14 00 01 00  fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01
			08 00 08 00  81 02 00 00  | IFA_FLAGS hold the flags of the header and more
			14 00 06 00  05 00 00 00 06 00 00 00 07 00 00 00 08 00 00 00
			05 00 0b 00  02 00 00 00
		`, Addr{
			Index: 3, Address: attr.IfAddr(prefix("fd00::1/64")), Flags: []string{"temporary", "permanent", "noprefixroute"},
			PreferredLft: 5, ValidLft: 6, Created: 7, Updated: 8, Protocol: new(attr.AddrProtocol(2)),
		}},
		"a label is text, whatever bytes it has; the header may have all flags": {`
			02 18 01 fd  03 00 00 00
			08 00 01 00  0a 00 00 01
			08 00 02 00  0a 00 00 01
			08 00 04 00  0a 00 00 ff
			08 00 03 00  61 ff 0a 00
			08 00 09 00  07 00 00 00
			08 00 63 00  00 00 00 00  | an attribute of a later kernel
		`, Addr{
			Index: 3, Address: attr.IfAddr(prefix("10.0.0.1/24")), Broadcast: addr("10.0.0.255"), Label: "a\uFFFD\n", Scope: unix.RT_SCOPE_LINK,
			Flags: []string{"secondary"}, PreferredLft: attr.Forever, ValidLft: attr.Forever, Metric: new(attr.Metric(7)),
		}},
		"a peer": {`
			02 10 80 00  03 00 00 00
			08 00 01 00  0a 01 00 02
			08 00 02 00  0a 00 00 01
		`, Addr{
			Index: 3, Address: attr.IfAddr(prefix("10.0.0.1/32")), Peer: new(attr.IfAddr(prefix("10.1.0.2/16"))),
			Flags: []string{"permanent"}, PreferredLft: attr.Forever, ValidLft: attr.Forever,
		}},
	} {
		got, err := decodeAddrMessage(octets(t, c.message))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if diff := cmp.Diff(c.want, got, sameValues); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// What the kernel sends is believed in no respect: a wrong length is an error.
func TestDecodeAddrRefuses(t *testing.T) {
	for what, message := range map[string]string{
		"no header":                   "02 18 00",
		"no address":                  "02 18 00 00 03 00 00 00",
		"a wrong family":              "0a 18 00 00 03 00 00 00  08 00 01 00 0a 00 00 01",
		"an address of 5 bytes":       "02 18 00 00 03 00 00 00  09 00 01 00 0a 00 00 01 00 00 00 00",
		"33 bits":                     "02 21 00 00 03 00 00 00  08 00 01 00 0a 00 00 01",
		"two families":                "02 18 00 00 03 00 00 00  08 00 01 00 0a 00 00 01  14 00 02 00 fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01",
		"lifetimes of 4 bytes":        "02 18 00 00 03 00 00 00  08 00 01 00 0a 00 00 01  08 00 06 00 00 00 00 00",
		"an attribute beyond the end": "02 18 00 00 03 00 00 00  09 00 01 00 0a 00 00 01",
		"flags of 2 bytes":            "02 18 00 00 03 00 00 00  08 00 01 00 0a 00 00 01  06 00 08 00 00 00 00 00",
		"a broadcast address of none": "02 18 00 00 03 00 00 00  08 00 01 00 0a 00 00 01  04 00 04 00",
		"a length that is no length":  "02 18 00 00 03 00 00 00  03 00 01 00",
	} {
		if got, err := decodeAddrMessage(octets(t, message)); err == nil {
			t.Errorf("%s: %+v", what, got)
		}
	}
}

// FuzzDecodeAddr: whatever a message has, reading it ends, and what is read can be
// sent on and deleted by.
func FuzzDecodeAddr(f *testing.F) {
	for _, c := range newAddrMessages {
		f.Add(octets(f, c.message))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := decodeAddrMessage(b)
		if err != nil {
			return
		}
		if _, err := protocol.Marshal(a); err != nil {
			t.Fatal(err)
		}
		again, err := decodeAddrMessage(encodeAddrKey(unix.RTM_DELADDR, 0, uint32(a.Index), a.Address, a.Peer, a.Scope).Body())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(a.Address, again.Address, sameValues) + cmp.Diff(a.Peer, again.Peer, sameValues); diff != "" {
			t.Error(diff)
		}
	})
}

// sameValues compares values whose fields are their own.
var sameValues = cmpopts.EquateComparable(attr.Addr{}, attr.IfAddr{}, attr.LLAddr{})

// TestAddrListAgrees compares each field of each address with ip-address(8).
func TestAddrListAgrees(t *testing.T) {
	ns := newNetns(t)
	ip(t, `
		address add 10.0.0.9/24 dev lab0
		address add 10.2.0.1/24 brd + dev lab0 label lab0:x scope site metric 5 noprefixroute
		address add 10.3.0.1 peer 10.3.0.2/24 dev lab0 scope link valid_lft 1000 preferred_lft 900
		address add 10.4.0.1/31 dev lab1 valid_lft 1000 preferred_lft 0
		address add 224.1.1.1/32 dev lab1 autojoin
		address add fd02::1/64 dev lab0 nodad noprefixroute
		address add fd03::1 peer fd03::2/64 dev lab0 nodad valid_lft 1000 preferred_lft 0
		address add fd04::1/64 dev lab1 mngtmpaddr valid_lft 1000 preferred_lft 1000
		address add fd05::1/64 dev lab1 home metric 9`)
	var got []object
	for _, link := range ipList(t, "address", "show") {
		var infos []object
		err := new(AddrSelection).dump(ns, uint32(link["ifindex"].(float64)), func(a Addr) error {
			infos = append(infos, ipAddr(&a))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, object{"ifname": link["ifname"], "addr_info": infos})
	}
	var want []object
	for _, link := range ipList(t, "address", "show") {
		for _, info := range link["addr_info"].([]any) {
			delete(info.(object), "protocol")
		}
		want = append(want, object{"ifname": link["ifname"], "addr_info": link["addr_info"]})
	}
	if diff := cmp.Diff(inJSON(t, want), inJSON(t, got)); diff != "" {
		t.Errorf("(-ip +ours)\n%s", diff)
	}
}

// ipAddr returns an address in the form of ip-address(8), which shows the protocol
// in later versions only.
func ipAddr(a *Addr) object {
	o := object{
		"family": attr.Family(familyOf(a.Address.Addr())).String(), "local": a.Address.Addr(), "prefixlen": a.Address.Bits(),
		"scope": a.Scope.String(), "valid_life_time": a.ValidLft, "preferred_life_time": a.PreferredLft,
	}
	if a.Peer != nil {
		o["address"], o["prefixlen"] = a.Peer.Addr(), a.Peer.Bits()
	}
	if a.Broadcast != nil {
		o["broadcast"] = a.Broadcast.Addr
	}
	if a.Label != "" {
		o["label"] = a.Label
	}
	if a.Metric != nil {
		o["metric"] = *a.Metric
	}
	if !slices.Contains(a.Flags, "permanent") {
		o["dynamic"] = true
	}
	for _, flag := range a.Flags {
		if flag != "permanent" {
			o[flag] = true
		}
	}
	return o
}

// The kernel finds an address by what a listed one has.
func TestAddrListDeletes(t *testing.T) {
	ns := newNetns(t)
	ip(t, `
		address add 10.3.0.1 peer 10.3.0.2/24 dev lab0
		address add fd03::1 peer fd03::2/64 dev lab0 nodad
		address add 10.2.0.1/24 dev lab0 label lab0:x`)
	var all []Addr
	if err := new(AddrSelection).dump(ns, 0, func(a Addr) error { all = append(all, a); return nil }); err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if err := ns.Do(encodeAddrKey(unix.RTM_DELADDR, 0, uint32(a.Index), a.Address, a.Peer, 0)); err != nil {
			t.Errorf("%s: %v", a.Address, err)
		}
	}
	for _, link := range ipList(t, "address", "show") {
		if left := link["addr_info"].([]any); len(left) != 0 {
			t.Errorf("%s still has %v", link["ifname"], left)
		}
	}
}
