package test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nethelper/internal/audit"
	"nethelper/pkg/ops"
	"nethelper/pkg/protocol"
)

// An attack is a request of a caller who wants more than the grant, and what the
// kernel must look like afterwards.
type attack struct {
	policy string
	setup  string // a shell command, before
	calls  []string
	code   protocol.Code
	look   string // a shell command, afterwards
	want   string // in what it prints
	never  string // in what it prints
}

const pair = "ip link add lab0 type veth peer name lab1; ip link set lab0 up; ip link set lab1 up; "

var attacks = map[string]attack{
	"an octet more than the link's addresses have, which the kernel cuts off": {
		policy: "grant uid:0 neigh.add,neigh.replace dev=lab0 dst=10.0.0.0/8 lladdr=fa:16:3e:00:00:01:*",
		setup:  pair,
		calls: []string{
			"neigh.add dev=lab0 dst=10.0.0.9 lladdr=fa:16:3e:00:00:01:02",
			"neigh.replace dev=lab0 dst=10.0.0.9 lladdr=fa:16:3e:00:00:01:02",
		},
		code: protocol.Invalid, look: "ip neighbour show dev lab0 nud all", never: "10.0.0.9",
	},
	"a learnt neighbour made permanent, whose address the grant does not cover": {
		policy: "grant uid:0 neigh.replace dev=lab0 dst=10.0.0.0/8 lladdr=fa:16:3e:*",
		setup:  pair + "ip neighbour add 10.0.0.9 dev lab0 lladdr 02:ba:d0:00:00:01 nud stale",
		calls:  []string{"neigh.replace dev=lab0 dst=10.0.0.9"},
		code:   protocol.Denied, look: "ip neighbour show dev lab0 nud all", want: "STALE", never: "PERMANENT",
	},
	"an address and a state that the kernel passes over": {
		policy: "grant uid:0 neigh.add dev=lab0 dst=10.0.0.0/8 lladdr=*,- state=*,- use=* managed=*",
		setup:  pair,
		calls: []string{
			"neigh.add dev=lab0 dst=10.0.0.9 lladdr=02:00:00:00:00:01 use=on",
			"neigh.add dev=lab0 dst=10.0.0.9 state=permanent use=on",
			"neigh.add dev=lab0 dst=10.0.0.9 state=stale managed=on",
		},
		code: protocol.Invalid, look: "ip neighbour show dev lab0 nud all", never: "10.0.0.9",
	},
	"a parent in promiscuous mode": {
		policy: "grant uid:0 link.add kind=macvlan name=mv* link=lab0 macvlan.mode=passthru macvlan.nopromisc=on",
		setup:  pair,
		calls:  []string{"link.add kind=macvlan name=mv0 link=lab0 macvlan.mode=passthru"},
		code:   protocol.Denied, look: "ip -brief link show", never: "mv0",
	},
	"a parent in another namespace": {
		policy: "grant uid:0 link.add netns=red kind=macvlan,macvtap name=* link=mv0 macvlan.mode=* macvtap.mode=*",
		setup:  pair + "ip netns add red; ip link add mv0 link lab0 type macvlan mode bridge; ip link set mv0 netns red",
		calls: []string{
			"link.add netns=red kind=macvlan name=mv1 link=mv0 macvlan.mode=private",
			"link.add netns=red kind=macvtap name=mv1 link=mv0 macvtap.mode=private",
		},
		code: protocol.Ambiguous, look: "ip -netns red -brief link show", want: "mv0@", never: "mv1",
	},
	"a tunnel that learns without bound": {
		policy: "grant uid:0 link.add kind=vxlan name=vx* vxlan.id=1 vxlan.port=4789 vxlan.learning=off vxlan.limit=1..100",
		calls: []string{
			"link.add kind=vxlan name=vx0 vxlan.id=1 vxlan.port=4789",
			"link.add kind=vxlan name=vx0 vxlan.id=1 vxlan.port=4789 vxlan.learning=off",
			"link.add kind=vxlan name=vx0 vxlan.id=1 vxlan.port=4789 vxlan.limit=100",
		},
		code: protocol.Denied, look: "ip -brief link show", never: "vx0",
	},
	"a tunnel from an address of the kernel's choice": {
		policy: "grant uid:0 link.add kind=vxlan name=vx* vxlan.id=1 vxlan.port=4789 vxlan.local=10.0.0.1",
		calls:  []string{"link.add kind=vxlan name=vx0 vxlan.id=1 vxlan.port=4789"},
		code:   protocol.Denied, look: "ip -brief link show", never: "vx0",
	},
	"a VLAN of the other tag": {
		policy: "grant uid:0 link.add kind=vlan name=vl* link=lab0 vlan.id=100 vlan.protocol=802.1ad\n" +
			"grant uid:0 link.vf.set dev=lab0 vf=0 vlan=100 vlan_protocol=802.1ad",
		setup: pair,
		calls: []string{"link.add kind=vlan name=vl0 link=lab0 vlan.id=100", "link.vf.set dev=lab0 vf=0 vlan=100"},
		code:  protocol.Denied, look: "ip -brief link show", never: "vl0",
	},
	"a route that stays": {
		policy: "grant uid:0 route.add dst=fd00::/8 dev=lab0 expires=1..60",
		setup:  pair,
		calls:  []string{"route.add dst=fd00::/64 dev=lab0", "route.add dst=fd00::/64 dev=lab0 expires=4294967295"},
		code:   protocol.Denied, look: "ip -6 route show", never: "fd00",
	},
	"a next hop that the kernel passes over": {
		policy: "grant uid:0 route.add dst=fd00::/8 dev=*,- via=*,- type=*,- onlink=* hop.via=* hop.dev=*,-",
		setup:  pair,
		calls: []string{
			"route.add dst=fd00::/64 type=blackhole dev=lab0",
			"route.add dst=fd00::/64 type=unreachable via=fd00:1::1",
			"route.add dst=fd00::/64 type=prohibit hop.1.via=fd00:1::1 hop.1.dev=lab0",
			"route.add dst=fd00::/64 type=throw onlink=on",
		},
		code: protocol.Invalid, look: "ip -6 route show", never: "fd00",
	},
	"a route without any hop, of a grant that speaks of hops": {
		policy: "grant uid:0 route.add dst=10.0.0.0/8,fd00::/8 hop.via=10.9.0.0/16 hop.dev=lab0",
		setup:  pair,
		calls:  []string{"route.add dst=10.0.0.0/8", "route.add dst=fd00::/8"},
		code:   protocol.NotFound, look: "ip route show; ip -6 route show", never: "static",
	},
	"a hop that leaves out what the grant wants of every hop": {
		policy: "grant uid:0 route.add dst=10.0.0.0/8 hop.via=10.9.0.0/16 hop.dev=lab0",
		setup:  pair + "ip address add 10.9.0.1/24 dev lab0",
		calls: []string{
			"route.add dst=10.0.0.0/8 hop.1.via=10.9.0.2 hop.1.dev=lab0 hop.2.via=10.9.0.3",
			"route.add dst=10.0.0.0/8 hop.1.via=10.9.0.2 hop.1.dev=lab0 hop.2.dev=lab0",
			"route.add dst=10.0.0.0/8 hop.1.via=10.9.0.2 hop.1.dev=lab0 hop.2.via=10.9.0.3 hop.2.dev=lab1",
			"route.add dst=10.0.0.0/8 via=10.9.0.2 dev=lab0",
		},
		code: protocol.Denied, look: "ip route show", never: "static",
	},
	"a rule about a link by an alternative name": {
		policy: "grant uid:0 rule.add family=inet,inet6 priority=100 iif=qr-*,- oif=qr-*,- table=100",
		setup:  pair + "ip link property add dev lab0 altname qr-0",
		calls: []string{
			"rule.add family=inet priority=100 iif=qr-0 table=100",
			"rule.add family=inet6 priority=100 oif=qr-0 table=100",
		},
		code: protocol.Ambiguous, look: "ip rule show; ip -6 rule show", never: "qr-0",
	},
	"a link by an alternative name": {
		policy: "grant uid:0 link.delete,link.get dev=tap*\ngrant uid:0 link.set dev=tap* up=* name=tap*\n" +
			"grant uid:0 addr.add dev=tap* address=10.0.0.0/8\ngrant uid:0 link.add kind=macvlan name=tap* link=tap* macvlan.mode=*",
		setup: pair + "ip link property add dev lab0 altname tap0",
		calls: []string{
			"link.delete dev=tap0", "link.get dev=tap0", "link.set dev=tap0 up=off", "addr.add dev=tap0 address=10.0.0.1/8",
			"link.add kind=macvlan name=tap1 link=tap0 macvlan.mode=private",
		},
		code: protocol.NotFound, look: "ip -brief address show; ip -brief link show", want: "lab0@lab1", never: "10.0.0.1",
	},
	"a destination in the table of a bridge, which has none": {
		policy: "grant uid:0 fdb.add,fdb.append,fdb.replace dev=lab0 lladdr=02:* master=on dst=*,- src_vni=*,- nhid=*",
		setup:  pair + "ip link add br0 type bridge; ip link set lab0 master br0",
		calls: []string{
			"fdb.add dev=lab0 lladdr=02:00:00:00:00:01 master=on dst=10.0.0.1",
			"fdb.append dev=lab0 lladdr=02:00:00:00:00:01 master=on src_vni=3",
			"fdb.replace dev=lab0 lladdr=02:00:00:00:00:01 master=on nhid=3",
		},
		code: protocol.Invalid, look: "bridge fdb show dev lab0", never: "02:00:00:00:00:01",
	},
	"an entry that stays, which the kernel would let age": {
		policy: "grant uid:0 fdb.add dev=lab0 lladdr=02:* master=on state=static,- use=*",
		setup:  pair + "ip link add br0 type bridge; ip link set lab0 master br0; ip link set br0 up",
		calls:  []string{"fdb.add dev=lab0 lladdr=02:00:00:00:00:01 master=on state=static use=on", "fdb.add dev=lab0 lladdr=02:00:00:00:00:01 master=on use=on"},
		code:   protocol.Invalid, look: "bridge fdb show dev lab0", never: "02:00:00:00:00:01",
	},
	"a default route in two halves": {
		policy: "grant uid:0 route.add dst=default,10.0.0.0/8 dev=lab0",
		setup:  pair,
		calls:  []string{"route.add dst=0.0.0.0/1 dev=lab0", "route.add dst=::/1 dev=lab0", "route.add dst=10.0.0.0/7 dev=lab0"},
		code:   protocol.Denied, look: "ip route show; ip -6 route show", never: "static",
	},
	"the helper's own namespace by a wildcard": {
		policy: "grant uid:0 link.add netns=* kind=bridge name=*\ngrant uid:0 link.set netns=* dev=* to_netns=*\n" +
			"grant uid:0 link.add netns=* kind=veth name=* peer.name=* peer.netns=*",
		setup: pair + "ip netns add red",
		calls: []string{
			"link.add kind=bridge name=br0", "link.add netns=. kind=bridge name=br0", "link.set netns=red dev=lo to_netns=.",
			"link.add netns=red kind=veth name=v0 peer.name=br0 peer.netns=.", "link.add netns=red kind=veth name=v0 peer.name=v1",
		},
		code: protocol.Denied, look: "ip -brief link show; ip -netns red -brief link show", never: "br0",
	},
	"an address that Ethernet links cannot have": {
		policy: "grant uid:0 link.add kind=veth name=v* lladdr=* peer.name=v* peer.lladdr=*",
		calls: []string{
			"link.add kind=veth name=v0 peer.name=v1 peer.lladdr=ff:ff:ff:ff:ff:ff",
			"link.add kind=veth name=v0 peer.name=v1 peer.lladdr=01:00:5e:00:00:01",
			"link.add kind=veth name=v0 lladdr=00:00:00:00:00:00 peer.name=v1",
		},
		code: protocol.Kernel, look: "ip -brief link show", never: "v0",
	},
}

// TestAttacks makes requests that a restrictive grant must not come to allow.
func TestAttacks(t *testing.T) {
	for name, a := range attacks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, a.policy)
			l.sh(a.setup)
			c := l.start().greeted()
			for _, call := range a.calls {
				if e := c.ask(call).Error; e == nil || e.Code != a.code {
					t.Errorf("%s: %v, want %s", call, e, a.code)
				}
			}
			seen := l.sh(a.look)
			if a.never == "" || strings.Contains(seen, a.never) || !strings.Contains(seen, a.want) {
				t.Errorf("%s: want %q and never %q in\n%s", a.look, a.want, a.never, seen)
			}
		})
	}
}

// Whatever is denied is denied in the same words whether it is there or not.
func TestDenialIsNoOracle(t *testing.T) {
	t.Parallel()
	l := newLab(t, "grant uid:0 link.get,link.delete netns=red dev=tap*\ngrant uid:0 netns.delete name=red")
	c := l.start().greeted()
	calls := []string{
		"link.get netns=blue dev=tap0", "link.get netns=red dev=lab0", "link.get dev=lab0", "link.list",
		"link.delete netns=red dev=lab0 if_absent=ok", "netns.delete name=blue", "netns.delete name=blue if_absent=ok", "netns.get name=blue",
	}
	before := make(map[string]protocol.Error)
	for _, call := range calls {
		before[call] = *c.refused(call, protocol.Denied)
	}
	l.sh(pair + "ip netns add blue; ip -netns blue link add tap0 type bridge; ip netns add red; ip -netns red link add lab0 type bridge")
	for _, call := range calls {
		if after := *c.refused(call, protocol.Denied); after != before[call] {
			t.Errorf("%s: %v, then %v", call, before[call], after)
		}
	}
}

// The longest request leaves a record that tells it from every other.
func TestRecordIsWhole(t *testing.T) {
	t.Parallel()
	l := newLab(t, "grant uid:0 route.add dst=10.0.0.0/8 hop.via=10.9.0.0/16 hop.dev=*")
	c := l.start().greeted()
	call := func(last string) string {
		var b strings.Builder
		b.WriteString("route.add dst=10.0.0.0/8")
		for i := 1; i <= 256; i++ {
			via := fmt.Sprintf("10.9.0.%d", i%256)
			if i == 256 {
				via = last
			}
			fmt.Fprintf(&b, " hop.%d.via=%s hop.%d.dev=abcdefghijklmno", i, via, i)
		}
		return b.String()
	}
	longest := []string{call("10.9.9.1"), call("10.9.9.2"), call("10.8.0.1")}
	codes := []protocol.Code{protocol.NotFound, protocol.NotFound, protocol.Denied}
	for i := range longest {
		if e := c.ask(longest[i]).Error; e == nil || e.Code != codes[i] {
			t.Errorf("%v, want %s", e, codes[i])
		}
	}
	var decided []string
	for _, r := range l.records() {
		if r.Event == audit.Decide {
			decided = append(decided, r.Call)
		}
	}
	if strings.Join(decided, "\n") != strings.Join(longest, "\n") {
		t.Errorf("the records are not the calls:\n%s", strings.Join(decided, "\n"))
	}
}

// records reads the lab's audit file.
func (l *lab) records() (records []audit.Record) {
	l.t.Helper()
	text, err := os.ReadFile(l.audit)
	if err != nil {
		l.t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		var r audit.Record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			l.t.Fatalf("%v in %s", err, line)
		}
		records = append(records, r)
	}
	return records
}

// hostileParams are maps that some decoder would take for params of addr.add with
// the values that are in the comments.
var hostileParams = map[string]string{
	"twice the same key":        "a3 63 646576 64 6c616230 63 646576 64 6c616231 67 61646472657373 45 0a00000118",
	"keys in no order":          "a2 67 61646472657373 45 0a00000118 63 646576 64 6c616230",
	"a length in two bytes":     "a2 63 646576 78 04 6c616230 67 61646472657373 45 0a00000118",
	"a map without a length":    "bf 63 646576 64 6c616230 67 61646472657373 45 0a00000118 ff",
	"an address of no length":   "a2 63 646576 64 6c616230 67 61646472657373 40",
	"a prefix of 33 bits":       "a2 63 646576 64 6c616230 67 61646472657373 45 0a00000121",
	"IPv4 in an IPv6 coat":      "a2 63 646576 64 6c616230 67 61646472657373 51 00000000000000000000ffff0a000001 80",
	"an address with a zone":    "a2 63 646576 64 6c616230 67 61646472657373 52 fe800000000000000000000000000001 31 40",
	"a name with a zero byte":   "a2 63 646576 65 6c61623000 67 61646472657373 45 0a00000118",
	"a name of bytes":           "a2 63 646576 44 6c616230 67 61646472657373 45 0a00000118",
	"a name to be numbered":     "a2 63 646576 65 6c61622564 67 61646472657373 45 0a00000118",
	"a name of another writing": "a2 63 646576 66 6c6162d9a0d9a1 67 61646472657373 45 0a00000118",
	"null for an optional":      "a3 63 646576 64 6c616230 65 6c6162656c f6 67 61646472657373 45 0a00000118",
	"a key in capitals":         "a2 63 444556 64 6c616230 67 61646472657373 45 0a00000118",
	"a tag":                     "a2 63 646576 64 6c616230 67 61646472657373 c1 45 0a00000118",
	"a number for a flag":       "a3 63 646576 64 6c616230 65 6e6f646164 01 67 61646472657373 45 0a00000118",
	"a negative number":         "a3 63 646576 64 6c616230 65 73636f7065 20 67 61646472657373 45 0a00000118",
	"a number beyond its type":  "a3 63 646576 64 6c616230 65 73636f7065 19 0100 67 61646472657373 45 0a00000118",
	"a float for a number":      "a3 63 646576 64 6c616230 65 73636f7065 f9 0000 67 61646472657373 45 0a00000118",
}

// A request has one encoding: every other is refused before it is judged, and the
// session goes on, or is over where the message as a whole is none.
func TestHostileParams(t *testing.T) {
	t.Parallel()
	l := newLab(t, "grant uid:0 addr.add dev=* address=* scope=*,- label=*,- nodad=*")
	l.sh(pair)
	for name, text := range hostileParams {
		c := l.start().greeted()
		params, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
		c.must(err)
		message := append([]byte("\xa3\x62id\x01\x62op\x68addr.add\x66params"), params...)
		c.must(protocol.Write(c.to, message))
		if e := c.answer(); e == nil || e.Code != protocol.Invalid && e.Code != protocol.Malformed {
			t.Errorf("%s: %v", name, e)
		}
		c.hangUp()
	}
	if out := l.sh("ip -brief address show"); strings.Contains(out, "10.0.0.1") {
		t.Errorf("an address is there: %s", out)
	}
	for _, r := range l.records() {
		if r.Verdict == audit.Allow {
			t.Errorf("allowed: %s", r.Call)
		}
	}
}

// Elements without attributes, thousands of them, cost a refusal and no more, for
// every operation that has elements.
func TestEmptyElements(t *testing.T) {
	t.Parallel()
	l := newLab(t, "grant uid:0 route.add,route.delete dst=* hop.via=*,- hop.dev=*,-")
	c := l.start().greeted()
	for _, op := range []string{ops.RouteAdd.Name, ops.RouteDelete.Name} {
		params := []byte("\xa2\x63dst\x45\x0a\x00\x00\x00\x08\x63hop\x99\xc3\x50")
		params = append(params, strings.Repeat("\xa0", 50000)...)
		c.sendRaw(op, protocol.Raw(params))
		if e := c.answer(); e == nil || e.Code != protocol.Invalid {
			t.Errorf("%s: %v", op, e)
		}
	}
	if status, err := os.ReadFile(filepath.Join("/proc", fmt.Sprint(c.cmd.Process.Pid), "status")); err != nil {
		t.Error(err)
	} else if peak := fieldOf(string(status), "VmHWM:"); peak > 128<<10 {
		t.Errorf("the helper came to hold %d KiB", peak)
	}
}

// fieldOf returns the number behind a name in a status file of proc(5).
func fieldOf(status, name string) (number int) {
	for line := range strings.Lines(status) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			fmt.Sscan(rest, &number)
		}
	}
	return number
}
