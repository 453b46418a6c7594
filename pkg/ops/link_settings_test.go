package ops

import (
	"slices"
	"strings"
	"testing"

	"nethelper/pkg/attr"
)

// Every kind that can be named can be made.
func TestLinkKinds(t *testing.T) {
	var names []string
	for _, k := range linkKinds {
		names = append(names, string(k.kind))
	}
	if want := attr.Kind("").Type().Words; !slices.Equal(names, want) {
		t.Errorf("kinds %v, want %v", names, want)
	}
}

// A link that is read has each setting, so that a setting as asked is never taken
// for another one.
func TestLinkHasEverySetting(t *testing.T) {
	l := Link{LLAddr: new(attr.LLAddrFrom([]byte{2})), Master: new(attr.IfName("b0"))}
	p := paramsOf[LinkAddParams](t, LinkAdd.Op, "name=b kind=bridge "+allBridgeWords)
	l.Bridge = &Bridge{BridgeOptions: *p.Bridge}
	s := l.settings()
	bound := attr.Bind(linkSettings(), &s)
	if len(bound) != len(linkSettings()) {
		t.Errorf("%d settings of %d", len(bound), len(linkSettings()))
	}
	if unmet := s.unmet(&l); len(unmet) != 0 {
		t.Errorf("a link has not what it has: %v", unmet)
	}
}

func TestUnmet(t *testing.T) {
	l := Link{
		Index: 9, Name: "v0", MTU: 1500, Alias: "a", TxQLen: 1000, Flags: []string{"BROADCAST", "MULTICAST", "UP", "LOWER_UP"},
		LLAddr: new(attr.LLAddrFrom([]byte{2, 0, 0, 0, 0, 1})), Master: new(attr.IfName("b0")), MasterIndex: new(attr.Index(2)),
		Bridge: &Bridge{BridgeOptions: BridgeOptions{STP: new(attr.Flag(false)), ForwardDelay: new(attr.Centiseconds(1500))}},
	}
	for words, want := range map[string]string{
		"mtu=1500 alias=a txqlen=1000 up=on multicast=on arp=on promiscuous=off allmulticast=off": "",
		"lladdr=02:00:00:00:00:01 master=b0 name=v0 group=default":                                "",
		"bridge.stp=off bridge.forward_delay=1500":                                                "",
		"mtu=1400 alias= up=off":           "up mtu alias",
		"arp=off":                          "arp",
		"master=b1":                        "master",
		"nomaster=on":                      "nomaster",
		"lladdr=02:00:00:00:00:02 name=v1": "lladdr name",
		"bridge.stp=on bridge.forward_delay=1500":         "bridge.stp",
		"bridge.vlan_filtering=off":                       "bridge.vlan_filtering", // the kernel does not show it
		"to_netns=.":                                      "to_netns",
		"group=3 promiscuous=on allmulticast=on txqlen=1": "txqlen group allmulticast promiscuous",
	} {
		p := paramsOf[LinkSetParams](t, LinkSet.Op, "dev=v0 "+words)
		if got := strings.Join(p.unmet(&l), " "); got != want {
			t.Errorf("%s: unmet %q, want %q", words, got, want)
		}
	}
	free := paramsOf[LinkSetParams](t, LinkSet.Op, "dev=v0 nomaster=on")
	if got := free.unmet(&Link{}); len(got) != 0 {
		t.Errorf("the release of a link without a master: unmet %v", got)
	}
}

// TestLinkRefuses lists requests that no kernel is asked to judge, and the
// attribute that they end on, if it is one.
func TestLinkRefuses(t *testing.T) {
	for words, want := range map[string]string{
		"link.add name=a kind=bridge vxlan.id=1":                                     "vxlan",
		"link.add name=a kind=dummy bridge.stp=on":                                   "bridge",
		"link.add name=a kind=macvtap link=b macvlan.mode=bridge":                    "macvlan",
		"link.add name=a kind=veth":                                                  "peer.name",
		"link.add name=a kind=veth peer.name=b link=c":                               "link",
		"link.add name=a kind=veth peer.name=b peer.lladdr=02:00:00:00:00:00:00:01":  "peer.lladdr",
		"link.add name=a kind=bridge lladdr=02:00:00:00":                             "lladdr",
		"link.add name=a kind=bridge link=b":                                         "link",
		"link.add name=a kind=vlan vlan.id=5":                                        "link",
		"link.add name=a kind=vlan link=b":                                           "vlan.id",
		"link.add name=a kind=macvlan link=b":                                        "macvlan.mode",
		"link.add name=a kind=macvtap link=b":                                        "macvtap.mode",
		"link.add name=a kind=macvlan macvlan.mode=bridge":                           "link",
		"link.add name=a kind=vxlan":                                                 "vxlan.id",
		"link.add name=a kind=vxlan vxlan.port=4789":                                 "vxlan.id",
		"link.add name=a kind=vxlan vxlan.external=off":                              "vxlan.id",
		"link.add name=a kind=vxlan vxlan.id=1 vxlan.group=10.0.0.1 vxlan.local=::1": "vxlan.local",
		"link.set dev=a":                               "",
		"link.set dev=a wait=100":                      "",
		"link.set dev=a nomaster=off":                  "nomaster",
		"link.set dev=a nomaster=on master=b":          "nomaster",
		"link.set dev=a to_netns=x master=b":           "master",
		"link.vf.set dev=a vf=0":                       "",
		"link.vf.set dev=a vf=0 qos=1":                 "qos",
		"link.vf.set dev=a vf=0 vlan_protocol=802.1ad": "vlan_protocol",
		"link.vf.set dev=a vf=0 lladdr=02:00":          "lladdr",
	} {
		name, rest, _ := strings.Cut(words, " ")
		refuses(t, Lookup(name), rest, want)
	}
}
