package ops

import (
	"testing"

	"nethelper/pkg/attr"
	"nethelper/pkg/protocol"

	"github.com/google/go-cmp/cmp"
	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/jsimonetti/rtnetlink/v2/driver"
)

const linkHeader = `
	00 00 01 00  09 00 00 00  03 10 00 00  00 00 00 00 | index 9: UP, BROADCAST, MULTICAST and not RUNNING
`

func TestDecodeLink(t *testing.T) {
	got, err := decodeLink(octets(t, linkHeader+`
		0a 00 03 00  76 31 ff 1b 61 00 00 00                     | IFLA_IFNAME with two bytes that no name should have
		08 00 04 00  78 05 00 00                                 | IFLA_MTU
		05 00 10 00  07 00 00 00                                 | IFLA_OPERSTATE, a number without a word
		0a 00 01 00  02 00 00 00 00 01 00 00                     | IFLA_ADDRESS
		04 00 36 00                                              | IFLA_PERM_ADDRESS, empty
		08 00 05 00  02 00 00 00                                 | IFLA_LINK
		08 00 25 00  00 00 00 00                                 | IFLA_LINK_NETNSID
		08 00 0a 00  03 00 00 00                                 | IFLA_MASTER
		06 00 14 00  61 00 62 00                                 | IFLA_IFALIAS, which ends at the zero byte
		0c 00 34 80  08 00 35 00  61 6c 74 00                    | IFLA_PROP_LIST with IFLA_ALT_IFNAME
		18 00 1a 00  14 00 0a 00  08 00 01 00 00 00 00 00  05 00 08 00 01 00 00 00 | IFLA_AF_SPEC, AF_INET6, IFLA_INET6_ADDR_GEN_MODE
		28 00 12 00                                              | IFLA_LINKINFO
		09 00 01 00  76 6c 61 6e 00 00 00 00                     | IFLA_INFO_KIND vlan
		18 00 02 00                                              | IFLA_INFO_DATA
		06 00 01 00  05 00 00 00                                 | IFLA_VLAN_ID
		0c 00 02 00  01 00 00 00 ff ff ff ff                     | IFLA_VLAN_FLAGS as the kernel has it
		08 00 ff 3f  01 02 03 04                                 | an attribute of a later kernel
	`))
	if err != nil {
		t.Fatal(err)
	}
	want := Link{
		Index: 9, Name: "v1\uFFFD\x1ba", MTU: 1400, OperState: "7", Alias: "a", AltNames: []string{"alt"}, AddrGenMode: "none",
		Flags:     []string{"NO-CARRIER", "BROADCAST", "MULTICAST", "UP"},
		LLAddr:    new(attr.LLAddrFrom([]byte{2, 0, 0, 0, 0, 1})),
		LinkIndex: new(attr.Index(2)), LinkNetNSID: new(int32(0)), MasterIndex: new(attr.Index(3)),
		Kind: "vlan",
		VLAN: &VLANOptions{
			ID: 5, ReorderHeader: new(attr.Flag(true)), GVRP: new(attr.Flag(false)), MVRP: new(attr.Flag(false)),
			LooseBinding: new(attr.Flag(false)), BridgeBinding: new(attr.Flag(false)),
		},
	}
	if diff := cmp.Diff(want, got, compareLLAddr); diff != "" {
		t.Error(diff)
	}
}

var compareLLAddr = cmp.Comparer(func(a, b attr.LLAddr) bool { return a == b })

// What the kernel sends is believed in no respect: a wrong length is an error.
func TestDecodeLinkRefuses(t *testing.T) {
	for name, message := range map[string]string{
		"no header":                          "00 00 01 00",
		"a length beyond the message":        linkHeader + "09 00 04 00  78 05 00 00",
		"a length below the attribute's own": linkHeader + "03 00 04 00  78 05 00 00",
		"an mtu of 2 bytes":                  linkHeader + "06 00 04 00  78 05 00 00",
		"a nest that overruns":               linkHeader + "0c 00 12 00  20 00 01 00  76 6c 61 6e",
		"an address of a vxlan of 5 bytes":   linkHeader + "1c 00 12 00  0a 00 01 00 76 78 6c 61 6e 00 00 00  0d 00 02 00  09 00 02 00 01 02 03 04 05 00 00 00",
		"a VF with a short address":          linkHeader + "10 00 16 00  0c 00 01 00  08 00 01 00 03 00 00 00",
		"a VF with a short rate":             linkHeader + "10 00 16 00  0c 00 01 00  08 00 06 00 03 00 00 00",
	} {
		if l, err := decodeLink(octets(t, message)); err == nil {
			t.Errorf("%s: %+v, want an error", name, l)
		}
	}
}

const vfMessage = linkHeader + `
	08 00 15 00  02 00 00 00                                                  | IFLA_NUM_VF
	c0 00 16 00                                                               | IFLA_VFINFO_LIST
	a0 00 01 00                                                               | IFLA_VF_INFO
	28 00 01 00  03 00 00 00  02 00 00 00 00 01 00 00 00 00 00 00 00 00 00 00 | IFLA_VF_MAC
	00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00
	10 00 02 00  03 00 00 00  64 00 00 00  05 00 00 00                        | IFLA_VF_VLAN 100, qos 5
	18 00 0c 00  14 00 01 00                                                  | IFLA_VF_VLAN_LIST
	03 00 00 00  64 00 00 00  05 00 00 00  88 a8 00 00                        | IFLA_VF_VLAN_INFO
	10 00 06 00  03 00 00 00  0a 00 00 00  e8 03 00 00                        | IFLA_VF_RATE 10 to 1000
	0c 00 03 00  03 00 00 00  e8 03 00 00                                     | IFLA_VF_TX_RATE, the older form
	0c 00 04 00  03 00 00 00  01 00 00 00                                     | IFLA_VF_SPOOFCHK
	0c 00 05 00  03 00 00 00  02 00 00 00                                     | IFLA_VF_LINK_STATE disable
	0c 00 07 00  03 00 00 00  00 00 00 00                                     | IFLA_VF_RSS_QUERY_EN
	0c 00 09 00  03 00 00 00  01 00 00 00                                     | IFLA_VF_TRUST
	1c 00 01 00                                                               | IFLA_VF_INFO
	0c 00 04 00  04 00 00 00  ff ff ff ff                                     | IFLA_VF_SPOOFCHK, which the driver does not tell
	0c 00 09 00  04 00 00 00  ff ff ff ff                                     | IFLA_VF_TRUST, likewise
`

func TestDecodeVFs(t *testing.T) {
	l, err := decodeLink(octets(t, vfMessage))
	if err != nil {
		t.Fatal(err)
	}
	want := []VF{
		{
			VF: 3, LLAddr: new(attr.LLAddrFrom([]byte{2, 0, 0, 0, 0, 1})),
			VLAN: new(attr.PortVLAN(100)), QoS: new(attr.QoS(5)), VLANProtocol: new(attr.VLANProtocol(0x88a8)),
			MinTxRate: new(attr.Mbit(10)), MaxTxRate: new(attr.Mbit(1000)),
			SpoofChk: new(attr.Flag(true)), Trust: new(attr.Flag(true)), State: new(attr.VFState(2)), QueryRSS: new(attr.Flag(false)),
		},
		{VF: 4},
	}
	if diff := cmp.Diff(want, l.VFs, compareLLAddr); diff != "" || l.NumVF != 2 {
		t.Errorf("num_vf %d\n%s", l.NumVF, diff)
	}
}

// Another implementation reads the same out of a message about virtual functions.
func TestDecodeVFsLikeRtnetlink(t *testing.T) {
	message := octets(t, vfMessage)
	ours, err := decodeLink(message)
	if err != nil {
		t.Fatal(err)
	}
	var theirs rtnetlink.LinkMessage
	if err := theirs.UnmarshalBinary(message); err != nil {
		t.Fatal(err)
	}
	vf, other := ours.VFs[0], theirs.Attributes.VFInfoList[0]
	for what, same := range map[string]bool{
		"number":  uint32(vf.VF) == other.ID,
		"address": string(vf.LLAddr.Bytes()) == string(other.MAC),
		"VLAN":    uint32(*vf.VLAN) == other.Vlan && uint32(*vf.QoS) == other.Qos,
		"rates":   uint32(*vf.MinTxRate) == other.MinTxRate && uint32(*vf.MaxTxRate) == other.MaxTxRate,
		"flags":   bool(*vf.SpoofChk) == other.SpoofCheck && bool(*vf.Trust) == other.Trust && bool(*vf.QueryRSS) == other.RssQuery,
		"state":   uint32(*vf.State) == uint32(other.LinkState),
	} {
		if !same {
			t.Errorf("%s: ours %+v, theirs %+v", what, vf, other)
		}
	}
}

// Another implementation reads the options of a bridge out of the message that
// asks for them.
func TestBridgeOptionsLikeRtnetlink(t *testing.T) {
	r := paramsOf[LinkAddParams](t, LinkAdd.Op, "name=b kind=bridge "+allBridgeWords).request(nil)
	var m rtnetlink.LinkMessage
	if err := m.UnmarshalBinary(r.Body()); err != nil {
		t.Fatal(err)
	}
	got := m.Attributes.Info.Data.(*driver.Bridge)
	on, off := driver.BridgeEnableEnabled, driver.BridgeEnableDisabled
	want := &driver.Bridge{
		ForwardDelay: new(uint32(1500)), HelloTime: new(uint32(200)), MaxAge: new(uint32(2000)), AgeingTime: new(uint32(30000)),
		StpState: new(driver.BridgeStpStateEnabled), Priority: new(uint16(32768)),
		VlanFiltering: &on, VlanProtocol: new(driver.VlanProtocol8021AD),
		GroupFwdMask: new(uint16(0x4008)), GroupAddr: []byte{0x01, 0x80, 0xc2, 0, 0, 0x0e},
		McastRouter: new(uint8(2)), McastSnooping: &on, McastQueryUseIfaddr: &on, McastQuerier: &on,
		McastHashMax: new(uint32(4096)), McastLastMemberCnt: new(uint32(2)), McastStartupQueryCnt: new(uint32(3)),
		McastLastMemberIntvl: new(uint64(100)), McastMembershipIntvl: new(uint64(26000)), McastQuerierIntvl: new(uint64(25500)),
		McastQueryIntvl: new(uint64(12500)), McastQueryResponseIntvl: new(uint64(1000)), McastStartupQueryIntvl: new(uint64(3125)),
		NfCallIptables: &on, NfCallIp6tables: &off, NfCallArptables: &on,
		VlanDefaultPvid: new(uint16(0)), VlanStatsEnabled: &on, VlanStatsPerPort: &off,
		McastStatsEnabled: &on, McastIgmpVersion: new(uint8(3)), McastMldVersion: new(uint8(2)), FdbMaxLearned: new(uint32(1024)),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// What is asked of a link reads back, as far as the kernel shows it in the form in
// which it takes it.
func TestLinkOptionsReadBack(t *testing.T) {
	for name, c := range linkAddMessages {
		p := paramsOf[LinkAddParams](t, LinkAdd.Op, c.words)
		at := ownResolver(t)
		r := p.request(at)
		if at.err != nil {
			t.Fatal(at.err)
		}
		l, err := decodeLink(r.Body())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := LinkAddParams{MACVLAN: l.MACVLAN, MACVTAP: l.MACVTAP, VLAN: l.VLAN}
		if l.Bridge != nil {
			got.Bridge = &l.Bridge.BridgeOptions
		}
		if l.VXLAN != nil {
			l.VXLAN.Dev = namesIn(at.ns).name(l.VXLAN.DevIndex)
			got.VXLAN = &l.VXLAN.VXLANOptions
		}
		want := LinkAddParams{MACVLAN: p.MACVLAN, MACVTAP: p.MACVTAP, VLAN: p.VLAN, VXLAN: p.VXLAN}
		want.Bridge = p.Bridge
		if o := want.VXLAN; o != nil && o.GBP != nil && !bool(*o.GBP) {
			o.GBP = nil // a flag that is off is not there
		}
		if diff := cmp.Diff(want, got, compareLLAddr, cmp.Comparer(func(a, b attr.Addr) bool { return a == b })); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// FuzzDecodeLink: whatever the kernel sends, a link that is read can be sent on.
func FuzzDecodeLink(f *testing.F) {
	f.Add(octets(f, vfMessage))
	for _, c := range linkAddMessages {
		f.Add(octets(f, c.message))
	}
	f.Fuzz(func(t *testing.T, message []byte) {
		l, err := decodeLink(message)
		if err != nil {
			return
		}
		data, err := protocol.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		if err := protocol.Unmarshal(data, new(Link)); err != nil {
			t.Errorf("%s: %v", protocol.Diagnose(data), err)
		}
	})
}
