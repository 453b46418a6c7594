package ops

import (
	"slices"
	"strings"
	"testing"

	"nethelper/pkg/attr"
	"nethelper/pkg/protocol"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/mdlayher/netlink"
)

// The messages are those of linux/neighbour.h; where ip(8) can send the same, they
// are what it sends.
var newNeighMessages = map[string]struct{ words, message string }{
	"permanent": {"dst=10.0.0.9 lladdr=02:00:00:00:00:01", `
		02 00 00 00  03 00 00 00  80 00 00 00  | ndmsg: AF_INET, index 3, NUD_PERMANENT
		08 00 01 00  0a 00 00 09               | NDA_DST
		0a 00 02 00  02 00 00 00 00 01 00 00   | NDA_LLADDR
	`},
	"managed": {"dst=10.0.0.8 managed=on extern_learn=on", `
		02 00 00 00  03 00 00 00  00 00 10 00  | NTF_EXT_LEARNED
		08 00 01 00  0a 00 00 08
		08 00 0f 00  01 00 00 00               | NDA_FLAGS_EXT
	`},
	"used": {"dst=10.0.0.8 use=on", `
		02 00 00 00  03 00 00 00  00 00 01 00
		08 00 01 00  0a 00 00 08
	`},
	"a proxy": {"dst=fd00::7 proxy=on router=on protocol=bird", `
		0a 00 00 00  03 00 00 00  80 00 88 00  | NTF_PROXY, NTF_ROUTER
		14 00 01 00  fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 07
		05 00 0c 00  0c 00 00 00               | NDA_PROTOCOL
	`},
	"a state, and flags that are off": {"dst=10.0.0.9 lladdr=02:00:00:00:00:01 state=stale proxy=off use=off managed=off", `
		02 00 00 00  03 00 00 00  04 00 00 00
		08 00 01 00  0a 00 00 09
		0a 00 02 00  02 00 00 00 00 01 00 00
	`},
}

func TestEncodeNewNeigh(t *testing.T) {
	for name, c := range newNeighMessages {
		t.Run(name, func(t *testing.T) {
			p := paramsOf[NeighReplaceParams](t, NeighReplace.Op, "dev=lab0 "+c.words)
			sameOctets(t, encodeNewNeigh(netlink.Create, 3, p.Dst, &p.NeighOptions).Body(), octets(t, c.message))
		})
	}
}

func TestEncodeDelNeigh(t *testing.T) {
	sameOctets(t, encodeDelNeigh(3, *addr("10.0.0.9"), false).Body(), octets(t, "02 00 00 00 03 00 00 00 00 00 00 00  08 00 01 00 0a 00 00 09"))
	sameOctets(t, encodeDelNeigh(3, *addr("10.0.0.9"), true).Body(), octets(t, "02 00 00 00 03 00 00 00 00 00 08 00  08 00 01 00 0a 00 00 09"))
}

func TestNeighRefuses(t *testing.T) {
	for words, attrName := range map[string]string{
		"proxy=on lladdr=02:00:00:00:00:01": "lladdr",
		"proxy=on state=stale":              "state",
		"proxy=on use=on":                   "use",
		"proxy=on managed=on":               "managed",
		"use=on lladdr=02:00:00:00:00:01":   "lladdr",
		"managed=on state=permanent":        "state",
	} {
		refuses(t, NeighAdd.Op, "dev=lab0 dst=10.0.0.9 "+words, attrName)
	}
}

func TestDecodeNeigh(t *testing.T) {
	got, err := decodeNeigh(octets(t, `
		02 00 00 00  03 00 00 00  42 00 81 00  | states and flags in combination
		08 00 01 00  0a 00 00 09
		04 00 02 00                            | an address of no length
		08 00 0f 00  07 00 00 80               | extended flags, one of which has no word
		05 00 0c 00  0c 00 00 00
	`))
	if err != nil {
		t.Fatal(err)
	}
	want := Neigh{
		Dst: *addr("10.0.0.9"), Index: new(attr.Index(3)), State: []string{"reachable", "noarp"},
		Flags:    []string{"use", "router", "managed", "locked", "extern_valid"},
		Protocol: new(attr.RouteProtocol(12)),
	}
	if diff := cmp.Diff(want, got, sameValues); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What the kernel sends is believed in no respect: a wrong length is an error.
func TestDecodeNeighRefuses(t *testing.T) {
	for what, message := range map[string]string{
		"no header":             "02 00 00 00",
		"no address":            "02 00 00 00 03 00 00 00 80 00 00 00",
		"an address of 3 bytes": "02 00 00 00 03 00 00 00 80 00 00 00  07 00 01 00 0a 00 00 00",
		"a protocol of 4 bytes": "02 00 00 00 03 00 00 00 80 00 00 00  08 00 01 00 0a 00 00 09  08 00 0c 00 00 00 00 00",
	} {
		if got, err := decodeNeigh(octets(t, message)); err == nil {
			t.Errorf("%s: %+v", what, got)
		}
	}
}

func TestNeighStates(t *testing.T) {
	for state, want := range map[uint16]string{0: "none", 0x80: "permanent", 0xff: "incomplete reachable stale delay probe failed noarp permanent", 0x100: "256"} {
		if got := strings.Join(neighStates(state), " "); got != want {
			t.Errorf("%#x: %q, want %q", state, got, want)
		}
	}
}

// FuzzDecodeNeigh: whatever a message has, reading it ends, and what is read can be
// sent on.
func FuzzDecodeNeigh(f *testing.F) {
	for _, c := range newNeighMessages {
		f.Add(octets(f, c.message))
	}
	for _, c := range newFDBMessages {
		f.Add(octets(f, c.message))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if n, err := decodeNeigh(b); err == nil {
			if _, err := protocol.Marshal(n); err != nil {
				t.Error(err)
			}
		}
		if e, err := decodeFDB(b); err == nil {
			if _, err := protocol.Marshal(e); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestNeighListAgrees compares each field of each neighbour with ip-neighbour(8),
// but for multicast addresses, which come when the kernel likes.
func TestNeighListAgrees(t *testing.T) {
	ns := newNetns(t)
	ip(t, `
		neigh add 10.0.0.9 lladdr 02:00:00:00:00:01 dev lab0
		neigh add 10.0.0.8 lladdr 02:00:00:00:00:02 dev lab0 nud stale extern_learn
		neigh add 10.0.0.7 dev lab0 managed
		neigh add 10.0.0.6 lladdr 02:00:00:00:00:03 dev lab0 nud noarp protocol bird
		neigh add fd00::9 lladdr 02:00:00:00:00:01 dev lab0 router
		neigh add fd00:1::9 lladdr 02:00:00:00:00:04 dev lab1 nud reachable
		neigh add 10.0.1.9 lladdr 02:00:00:00:00:05 dev lab1
		neigh add proxy 10.0.0.5 dev lab0
		neigh add proxy fd00::5 dev lab1 router`)
	lab1, err := ns.Index("dev", "lab1")
	if err != nil {
		t.Fatal(err)
	}
	names := namesIn(ns)
	for _, list := range []struct {
		args  []string
		index uint32
		proxy bool
	}{
		{args: []string{"neighbour", "show", "nud", "all"}},
		{args: []string{"neighbour", "show", "nud", "all", "dev", "lab1"}, index: lab1},
		{args: []string{"neighbour", "show", "proxy"}, proxy: true},
	} {
		var got []object
		err := new(NeighSelection).dump(ns, list.index, list.proxy, func(n Neigh) error {
			n.Dev = names.name(n.Index)
			if !n.Dst.IsMulticast() {
				got = append(got, ipNeigh(&n))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(got) < 2 {
			t.Errorf("%v: %d entries", list.args, len(got))
		}
		want := slices.DeleteFunc(ipList(t, list.args...), func(o object) bool {
			return strings.HasPrefix(o["dst"].(string), "ff")
		})
		for _, o := range want {
			if list.index != 0 {
				o["dev"] = "lab1" // left out where it was asked for
			}
		}
		byDst := cmpopts.SortSlices(func(a, b object) bool { return a["dst"].(string) < b["dst"].(string) })
		if diff := cmp.Diff(want, inJSON(t, got), byDst); diff != "" {
			t.Errorf("%v (-ip +ours)\n%s", list.args, diff)
		}
	}
}

// ipNeigh returns a neighbour in the form of ip-neighbour(8).
func ipNeigh(n *Neigh) object {
	o := object{"dst": n.Dst.Addr, "dev": n.Dev}
	if n.LLAddr != nil {
		o["lladdr"] = n.LLAddr.String()
	}
	if n.Protocol != nil {
		o["protocol"] = n.Protocol.String()
	}
	for _, flag := range n.Flags {
		o[flag] = nil
	}
	if !slices.Contains(n.Flags, "proxy") {
		o["state"] = strings.Fields(strings.ToUpper(strings.Join(n.State, " ")))
	}
	return o
}
