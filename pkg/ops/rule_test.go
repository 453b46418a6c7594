package ops

import (
	"encoding/hex"
	"net"
	"slices"
	"strings"
	"testing"

	"nethelper/pkg/attr"

	"github.com/google/go-cmp/cmp"
	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// specOf reads the words of a request into a plain rule.
func specOf(t testing.TB, words string) *RuleSpec {
	t.Helper()
	spec := paramsOf[RuleAddParams](t, RuleAdd.Op, words).plain()
	return &spec
}

// TestEncodeRule has another implementation of the protocol read what is sent, as
// far as that one is right: not uidrange, tun_id and what is newer than dport.
func TestEncodeRule(t *testing.T) {
	want := rtnetlink.RuleMessage{
		Family: unix.AF_INET, DstLength: 16, SrcLength: 8, TOS: 0x10, Table: unix.RT_TABLE_COMPAT,
		Action: unix.FR_ACT_TO_TBL, Flags: unix.FIB_RULE_INVERT,
		Attributes: &rtnetlink.RuleAttributes{
			Src: &net.IP{10, 0, 0, 0}, Dst: &net.IP{11, 1, 0, 0}, IIFName: new("lab0"), OIFName: new("lab1"),
			Priority: new(uint32(100)), FwMark: new(uint32(1)), FwMask: new(uint32(0xff)),
			SrcRealm: new(uint16(1)), DstRealm: new(uint16(2)), SuppressIFGroup: new(uint32(3)), SuppressPrefixLen: new(uint32(0)),
			Table: new(uint32(70000)), Protocol: new(uint8(unix.RTPROT_STATIC)), IPProto: new(uint8(6)),
			SPortRange: &rtnetlink.RulePortRange{Start: 1, End: 2}, DPortRange: &rtnetlink.RulePortRange{Start: 80, End: 80},
		},
	}
	s := specOf(t, "family=inet priority=100 not=on from=10.0.0.0/8 to=11.1.0.0/16 iif=lab0 oif=lab1 fwmark=1 fwmask=0xff tos=0x10 "+
		"ipproto=tcp sport=1-2 dport=80 suppress_prefixlength=0 suppress_ifgroup=3 table=70000 realm=65538 protocol=static")
	var got rtnetlink.RuleMessage
	if err := got.UnmarshalBinary(encodeRule(unix.RTM_NEWRULE, 0, s).Body()); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestRuleBytes checks bytes by hand: struct fib_rule_uid_range, the order of
// FRA_TUN_ID and FRA_FLOWLABEL, and the mask that the kernel does not assume.
func TestRuleBytes(t *testing.T) {
	for words, want := range map[string]string{
		"family=inet priority=1 uidrange=1000-200000 tun_id=5 l3mdev=on": "" +
			"02 00 00 00 00 00 00 01 00000000" +
			"0800 0600 01000000" + // FRA_PRIORITY
			"0c00 1400 e8030000400d0300" + // FRA_UID_RANGE
			"0c00 0c00 0000000000000005" + // FRA_TUN_ID
			"0500 1300 01 000000" + // FRA_L3MDEV
			"0500 1500 00 000000", // FRA_PROTOCOL
		"family=inet6 priority=2 dscp=10 flowlabel=0x12345 sport=80 sport_mask=0xf0 action=goto goto=9": "" +
			"0a 00 00 00 00 00 00 02 00000000" +
			"0800 0600 02000000" +
			"0500 1900 0a 000000" + // FRA_DSCP
			"0800 1a00 00012345" + // FRA_FLOWLABEL
			"0800 1700 50005000" + // FRA_SPORT_RANGE
			"0600 1c00 f000 0000" + // FRA_SPORT_MASK
			"0800 0400 09000000" + // FRA_GOTO
			"0500 1500 00 000000" +
			"0800 1b00 000fffff", // FRA_FLOWLABEL_MASK
	} {
		got := hex.EncodeToString(encodeRule(unix.RTM_NEWRULE, 0, specOf(t, words)).Body())
		if want := strings.ReplaceAll(want, " ", ""); got != want {
			t.Errorf("%s:\n got %s\nwant %s", words, got, want)
		}
	}
}

// TestRuleRefuses: what the kernel would take for another rule is refused.
func TestRuleRefuses(t *testing.T) {
	const rule = "family=inet priority=1 table=5 "
	for words, want := range map[string]string{
		"family=inet priority=1":                        "table",
		"family=inet priority=1 l3mdev=off":             "table",
		"family=inet priority=1 table=5 from=fd00::/8":  "from",
		"family=inet6 priority=1 table=5 to=10.0.0.0/8": "to",
		"family=inet6 priority=1 table=5 realm=1":       "realm",
		rule + "fwmark=0":                               "fwmark",
		rule + "fwmask=1":                               "fwmask",
		rule + "fwmark=1 fwmask=0":                      "fwmask",
		rule + "dscp_mask=1":                            "dscp_mask",
		rule + "sport_mask=1":                           "sport_mask",
		rule + "dport_mask=1":                           "dport_mask",
		rule + "flowlabel_mask=1":                       "flowlabel_mask",
		rule + "tos=0":                                  "tos",
		rule + "tun_id=0":                               "tun_id",
		rule + "realm=0":                                "realm",
		rule + "suppress_ifgroup=4294967295":            "suppress_ifgroup",
	} {
		for _, op := range []*Op{RuleAdd.Op, RuleDelete.Op} {
			refuses(t, op, words, want)
		}
	}
}

// TestRuleSame: two ways to write a rule, and two that only look like it.
func TestRuleSame(t *testing.T) {
	const rule = "family=inet priority=1 table=5 "
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{"", "action=table protocol=unspec", true},
		{"", "not=off l3mdev=off", true},
		{"", "from=0.0.0.0/0 to=0.0.0.0/0", true},
		{"fwmark=1", "fwmark=1 fwmask=0xffffffff", true},
		{"sport=80", "sport=80 sport_mask=0xffff", true},
		{"dscp=8", "dscp=8 dscp_mask=63", true},
		{"", "not=on", false},
		{"", "suppress_prefixlength=0", false},
		{"", "suppress_ifgroup=0", false},
		{"", "dscp=0", false},
		{"fwmark=0 fwmask=0xffffffff", "fwmark=0 fwmask=0xff", false},
		{"uidrange=0", "", false},
		{"protocol=static", "", false},
	} {
		if specOf(t, rule+test.a).equal(specOf(t, rule+test.b)) != test.same {
			t.Errorf("%q and %q: want same %v", test.a, test.b, test.same)
		}
	}
}

// TestDecodeRule reads what ip-rule(8) here cannot make or does not tell.
func TestDecodeRule(t *testing.T) {
	header := []byte{unix.AF_INET, 0, 0, 0, 254, 0, 0, unix.FR_ACT_TO_TBL, 0, 0, 1, 0}
	got, err := decodeRule(message(t, header, func(ae *netlink.AttributeEncoder) {
		ae.Uint32(unix.FRA_TABLE, 254)
		ae.Uint32(unix.FRA_SUPPRESS_PREFIXLEN, 300)
		ae.Uint32(unix.FRA_SUPPRESS_IFGROUP, 1<<32-1)
		ae.Uint32(unix.FRA_FWMASK, 0xff)
		ae.Bytes(unix.FRA_IIFNAME, []byte("la\xffb\x00"))
		ae.Bytes(1000, []byte{1, 2, 3})
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := Rule{
		RuleSpec: RuleSpec{
			Family: unix.AF_INET, Action: new(attr.RuleAction(unix.FR_ACT_TO_TBL)), Table: new(attr.Table(254)),
			Protocol: new(attr.RouteProtocol(0)), FWMark: new(attr.Mark(0)), FWMask: new(attr.Mark(0xff)),
			IIF: new(attr.IfName("la\uFFFDb")), SuppressPrefix: new(attr.PrefixLength(255)),
		},
		Flags:   []string{"find_saddr"},
		Unknown: []uint16{1000},
	}
	if diff := cmp.Diff(want, got, asValues); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestRuleIs: a rule that has more than a request can say is no request's rule.
func TestRuleIs(t *testing.T) {
	s := specOf(t, "family=inet priority=1 table=5")
	for _, test := range []struct {
		rule Rule
		want bool
	}{
		{Rule{RuleSpec: *s}, true},
		{Rule{RuleSpec: *s, Flags: []string{"iif_detached", "unresolved"}}, true},
		{Rule{RuleSpec: *s, Flags: []string{"find_saddr"}}, false},
		{Rule{RuleSpec: *s, Unknown: []uint16{1000}}, false},
	} {
		if got := test.rule.is(s); got != test.want {
			t.Errorf("%+v: %v", test.rule, got)
		}
	}
}

// FuzzDecodeRule: no message makes the decoder panic; what it reads, it writes, and
// reads again; and the kernel that looks for the rule would take that rule.
func FuzzDecodeRule(f *testing.F) {
	for _, words := range ruleSamples {
		f.Add(encodeRule(unix.RTM_NEWRULE, 0, specOf(f, words)).Body())
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := decodeRule(b)
		if err != nil {
			return
		}
		again, err := decodeRule(encodeRule(unix.RTM_NEWRULE, 0, &r.RuleSpec).Body())
		if err != nil {
			t.Fatalf("%x: %+v: %v", b, r, err)
		}
		if !again.is(&r.RuleSpec) {
			t.Errorf("%x: (-read +again)\n%s", b, cmp.Diff(r.RuleSpec, again.RuleSpec, asValues))
		}
		if !r.takes(&again.RuleSpec) {
			t.Errorf("%x: the rule would not be taken for itself", b)
		}
	})
}

// ruleSamples are rules at one priority that resemble each other.
var ruleSamples = slices.Concat(
	rulesOf("family=inet priority=1 ", "table=5", "table=70000", "action=blackhole", "action=blackhole table=5", "action=goto goto=7", "action=goto goto=8"),
	rulesOf("family=inet6 priority=1 table=5 ", "", "flowlabel=0x1", "flowlabel=0x1 flowlabel_mask=0xff", "flowlabel=0 flowlabel_mask=0xff", "from=fd00::/8", "to=fd00::/8", "dscp=1"),
	rulesOf("family=inet priority=1 table=5 ",
		"not=on", "protocol=static", "protocol=kernel",
		"from=10.0.0.0/8", "from=10.0.0.0/16", "from=11.0.0.0/8", "not=on from=10.0.0.0/8", "to=10.0.0.0/8", "from=10.0.0.0/8 to=10.0.0.0/8",
		"iif=lo", "iif=lab0", "oif=lo", "fwmark=1", "fwmark=1 fwmask=0xff", "fwmark=2 fwmask=0xff", "fwmark=0 fwmask=0xff", "fwmark=0 fwmask=0xf",
		"tos=0x10", "tos=0x8", "dscp=4", "dscp=4 dscp_mask=60", "dscp=0", "ipproto=tcp", "ipproto=udp",
		"sport=80", "sport=80 sport_mask=0xf0", "sport=80-90", "dport=80", "dport=80 dport_mask=0xf0", "dport=81",
		"uidrange=0", "tun_id=1", "tun_id=2", "suppress_prefixlength=0", "suppress_prefixlength=1",
		"suppress_ifgroup=0", "suppress_ifgroup=1", "realm=1", "realm=2",
		"from=10.0.0.0/8 fwmark=1 ipproto=tcp dport=80 protocol=static"),
)

func rulesOf(common string, words ...string) []string {
	for i := range words {
		words[i] = common + words[i]
	}
	return words
}
