package ops

import (
	"fmt"
	"slices"
	"testing"

	"nethelper/pkg/attr"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// TestRuleListAgrees compares each field of each rule with ip-rule(8), which here
// knows neither dscp and flowlabel nor masks of ports.
func TestRuleListAgrees(t *testing.T) {
	ns := newNetns(t)
	ip(t, `
		rule add priority 100 from 10.0.0.0/8 table 100
		rule add priority 101 to 10.0.0.1 iif lab0 table default
		rule add priority 200 goto 300
		rule add priority 201 goto 32766
		rule add priority 202 blackhole
		rule add priority 203 prohibit oif lab1
		rule add priority 204 not from 10.0.0.0/8 fwmark 1/0xff iif gone0 oif gone1 tos 0x10 ipproto tcp sport 1-2 dport 80 uidrange 0-0 tun_id 5 table 70000 suppress_prefixlength 0 suppress_ifgroup 3 realms 1/2 protocol bird
		rule add priority 205 l3mdev
		rule add priority 206 fwmark 0/0xf table 1
		rule add priority 207 fwmark 5 nop`)
	ip(t, `rule add priority 208 from fd00::/8 to fd01::1 table 9 dport 53-54 ipproto udp`, "-6")
	for _, family := range []attr.Family{unix.AF_INET, unix.AF_INET6} {
		var got []object
		err := dumpRules(ns, family, func(r Rule) error {
			got = append(got, ipRule(&r))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		want := ipList(t, "-family", family.String(), "rule", "show")
		if diff := cmp.Diff(want, inJSON(t, got)); diff != "" {
			t.Errorf("%s: (-ip +ours)\n%s", family, diff)
		}
	}
}

// ipRule returns a rule in the form of ip-rule(8).
func ipRule(r *Rule) object {
	o := object{"priority": r.Priority, "src": "all", "protocol": r.Protocol.String()}
	ipSelector(o, "src", r.From)
	ipSelector(o, "dst", r.To)
	ipPorts(o, "sport", r.SPort)
	ipPorts(o, "dport", r.DPort)
	if value(r.Not) {
		o["not"] = nil
	}
	if r.IIF != nil {
		o["iif"] = *r.IIF
	}
	if r.OIF != nil {
		o["oif"] = *r.OIF
	}
	if r.TOS != nil {
		o["tos"] = r.TOS.String()
	}
	if r.FWMark != nil {
		o["fwmark"] = ipMark(*r.FWMark)
	}
	if r.FWMask != nil {
		o["fwmask"] = ipMark(*r.FWMask)
	}
	if r.IPProto != nil {
		o["ipproto"] = r.IPProto.String()
	}
	if r.UIDRange != nil {
		o["uid_start"], o["uid_end"] = r.UIDRange.From, r.UIDRange.To
	}
	if r.TunID != nil {
		o["tun_id"] = *r.TunID
	}
	if value(r.L3MDev) {
		o["l3mdev"] = nil
	}
	if r.Table != nil {
		o["table"] = r.Table.String()
	}
	if r.SuppressPrefix != nil {
		o["suppress_prefixlen"] = *r.SuppressPrefix
	}
	if r.SuppressGroup != nil {
		o["suppress_ifgroup"] = r.SuppressGroup.String()
	}
	if r.Realm != nil {
		o["flow_from"], o["flow_to"] = fmt.Sprint(*r.Realm>>16), fmt.Sprint(*r.Realm&0xffff)
	}
	switch *r.Action {
	case unix.FR_ACT_TO_TBL:
	case unix.FR_ACT_GOTO:
		o["goto"] = *r.Goto
	case unix.FR_ACT_NOP:
		o["nop"] = nil
	default:
		o["action"] = r.Action.String()
	}
	for _, flag := range []string{"unresolved", "iif_detached", "oif_detached"} {
		if slices.Contains(r.Flags, flag) {
			o[flag] = nil
		}
	}
	return o
}

func ipSelector(o object, name string, p *attr.Prefix) {
	if p == nil {
		return
	}
	o[name] = p.Addr().String()
	if !p.IsSingleIP() {
		o[name+"len"] = p.Bits()
	}
}

func ipPorts(o object, name string, p *attr.PortRange) {
	switch {
	case p == nil:
	case p.From == p.To:
		o[name] = p.From
	default:
		o[name+"_start"], o[name+"_end"] = p.From, p.To
	}
}

// ipMark returns a mark as ip(8) prints it, which writes no prefix before 0.
func ipMark(m attr.Mark) string {
	if m == 0 {
		return "0"
	}
	return m.String()
}
