package ops

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
	"time"

	"nethelper/pkg/attr"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/mdlayher/netlink"
)

// The messages are those of linux/neighbour.h; where bridge(8) can send the same,
// they are what it sends.
var newFDBMessages = map[string]struct{ words, message string }{
	"the defaults": {"lladdr=02:00:00:00:00:07", `
		07 00 00 00  02 00 00 00  c0 00 02 00  | ndmsg: AF_BRIDGE, index 2, NUD_NOARP, NUD_PERMANENT, NTF_SELF
		0a 00 02 00  02 00 00 00 00 07 00 00   | NDA_LLADDR
	`},
	"static on a bridge": {"lladdr=02:00:00:00:00:09 master=on state=static vlan=3", `
		07 00 00 00  02 00 00 00  42 00 04 00  | NUD_NOARP, NUD_REACHABLE, NTF_MASTER
		0a 00 02 00  02 00 00 00 00 09 00 00
		06 00 05 00  03 00 00 00               | NDA_VLAN
	`},
	"dynamic in both tables": {"lladdr=02:00:00:00:00:08 master=on self=on state=dynamic", `
		07 00 00 00  02 00 00 00  02 00 06 00
		0a 00 02 00  02 00 00 00 00 08 00 00
	`},
	"a destination": {"lladdr=00:00:00:00:00:00 dst=10.0.0.2 port=4790 vni=7 src_vni=8 via=lab1 self=on master=off", `
		07 00 00 00  02 00 00 00  c0 00 02 00
		0a 00 02 00  00 00 00 00 00 00 00 00
		08 00 01 00  0a 00 00 02               | NDA_DST
		06 00 06 00  12 b6 00 00               | NDA_PORT in network order
		08 00 07 00  07 00 00 00               | NDA_VNI
		08 00 0b 00  08 00 00 00               | NDA_SRC_VNI
		08 00 08 00  03 00 00 00               | NDA_IFINDEX
	`},
	"a next hop object and flags": {"lladdr=02:00:00:00:00:07 nhid=9 sticky=on extern_learn=on router=on use=on", `
		07 00 00 00  02 00 00 00  c0 00 d3 00
		0a 00 02 00  02 00 00 00 00 07 00 00
		08 00 0d 00  09 00 00 00               | NDA_NH_ID
	`},
}

func TestEncodeNewFDB(t *testing.T) {
	for name, c := range newFDBMessages {
		t.Run(name, func(t *testing.T) {
			p := paramsOf[FDBWriteParams](t, FDBReplace.Op, "dev=lab0 "+c.words)
			sameOctets(t, encodeNewFDB(netlink.Create, &p.FDBKey, &p.FDBOptions, 2, 3).Body(), octets(t, c.message))
		})
	}
}

// A message that deletes has no destination but the one that is given, and no
// option.
func TestEncodeDelFDB(t *testing.T) {
	for words, message := range map[string]string{
		"lladdr=02:00:00:00:00:07":                  "07 00 00 00 02 00 00 00 c0 00 02 00  0a 00 02 00 02 00 00 00 00 07 00 00",
		"lladdr=02:00:00:00:00:07 master=on vlan=3": "07 00 00 00 02 00 00 00 c0 00 04 00  0a 00 02 00 02 00 00 00 00 07 00 00  06 00 05 00 03 00 00 00",
		"lladdr=00:00:00:00:00:00 dst=fd00::2": "07 00 00 00 02 00 00 00 c0 00 02 00  0a 00 02 00 00 00 00 00 00 00 00 00 " +
			"14 00 01 00 fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 02",
	} {
		p := paramsOf[FDBDeleteParams](t, FDBDelete.Op, "dev=lab0 "+words)
		sameOctets(t, p.encodeDel(2, 0).Body(), octets(t, message))
	}
}

func TestFDBRefuses(t *testing.T) {
	for words, attrName := range map[string]string{
		"self=off":            "self",
		"self=off master=off": "self",
		"port=4790":           "port",
		"vni=7":               "vni",
		"via=lab1":            "via",
		"nhid=1 dst=10.0.0.2": "nhid",
		"nhid=0":              "nhid",
	} {
		refuses(t, FDBAppend.Op, "dev=lab0 lladdr=02:00:00:00:00:07 "+words, attrName)
	}
}

func TestDecodeFDB(t *testing.T) {
	got, err := decodeFDB(octets(t, `
		07 00 00 00  02 00 00 00  04 00 46 00
		0a 00 02 00  02 00 00 00 00 07 00 00
		08 00 09 00  09 00 00 00               | NDA_MASTER
		06 00 05 00  03 00 00 00
		08 00 01 00  0a 00 00 02
		06 00 06 00  12 b6 00 00
		08 00 07 00  07 00 00 00
		08 00 0b 00  08 00 00 00
		08 00 08 00  05 00 00 00
		08 00 0d 00  06 00 00 00
		08 00 0f 00  02 00 00 00
	`))
	if err != nil {
		t.Fatal(err)
	}
	want := FDB{
		LLAddr: attr.LLAddrFrom([]byte{2, 0, 0, 0, 0, 7}), Index: 2, MasterIndex: new(attr.Index(9)), VLAN: new(attr.VLAN(3)),
		Dst: addr("10.0.0.2"), Port: new(attr.Port(4790)), VNI: new(attr.VNI(7)), SrcVNI: new(attr.VNI(8)), ViaIndex: new(attr.Index(5)),
		NHID: new(attr.Quantity(6)), State: "stale", Flags: []string{"self", "master", "sticky", "locked"},
	}
	if diff := cmp.Diff(want, got, sameValues); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// What the kernel sends is believed in no respect: a wrong length is an error.
func TestDecodeFDBRefuses(t *testing.T) {
	const header = "07 00 00 00 02 00 00 00 c0 00 02 00  "
	for what, message := range map[string]string{
		"a neighbour":        "02 00 00 00 02 00 00 00 c0 00 02 00  0a 00 02 00 02 00 00 00 00 07 00 00",
		"no address":         header,
		"a port of 4 bytes":  header + "0a 00 02 00 02 00 00 00 00 07 00 00  08 00 06 00 00 00 00 00",
		"a VLAN of 1 byte":   header + "0a 00 02 00 02 00 00 00 00 07 00 00  05 00 05 00 00 00 00 00",
		"a master of 2":      header + "0a 00 02 00 02 00 00 00 00 07 00 00  06 00 09 00 00 00 00 00",
		"an attribute cut":   header + "0a 00 02 00 02 00",
		"a header cut short": "07 00 00 00 02 00 00 00 c0 00 02",
	} {
		if got, err := decodeFDB(octets(t, message)); err == nil {
			t.Errorf("%s: %+v", what, got)
		}
	}
}

// TestFDBListAgrees compares each field of each forwarding entry with bridge(8).
func TestFDBListAgrees(t *testing.T) {
	ns := newNetns(t)
	ip(t, `
		link add b0 type bridge
		link add b1 type bridge
		link set lab1 master b0
		link set b0 up
		link add vx0 type vxlan id 1 dstport 4789
		link add vx1 type vxlan external dstport 4790
		nexthop add id 8 via 10.0.0.2 fdb
		nexthop add id 9 group 8 fdb`)
	forwarding(t, "lab1")
	for _, args := range [][]string{
		{"add", "02:00:00:00:00:01", "dev", "lab1", "master", "static"},
		{"add", "02:00:00:00:00:02", "dev", "lab1", "master", "dynamic"},
		{"add", "02:00:00:00:00:03", "dev", "lab1", "master", "permanent"},
		{"add", "02:00:00:00:00:04", "dev", "lab1", "master", "static", "sticky"},
		{"add", "02:00:00:00:00:05", "dev", "lab1", "master", "extern_learn"},
		{"add", "02:00:00:00:00:06", "dev", "b0", "self"},
		{"add", "02:00:00:00:00:07", "dev", "lab0"},
		{"append", "00:00:00:00:00:00", "dev", "vx0", "dst", "10.0.0.2", "port", "4790", "vni", "7", "via", "lab0"},
		{"append", "00:00:00:00:00:00", "dev", "vx0", "dst", "10.0.0.3"},
		{"add", "02:00:00:00:00:08", "dev", "vx0", "dst", "10.0.0.4", "router"},
		{"add", "02:00:00:00:00:09", "dev", "vx0", "nhid", "9"},
		{"add", "02:00:00:00:00:0a", "dev", "vx1", "dst", "10.0.0.2", "vni", "5", "src_vni", "6"},
	} {
		if out, err := exec.Command("bridge", append([]string{"fdb"}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("bridge fdb %v: %v\n%s", args, err, out)
		}
	}
	index := func(name attr.IfName) uint32 {
		i, err := ns.Index("dev", name)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	names := namesIn(ns)
	for _, list := range []struct {
		args        []string
		dev, bridge attr.IfName
	}{
		{},
		{args: []string{"br", "b0"}, bridge: "b0"},
		{args: []string{"dev", "vx0"}, dev: "vx0"},
		{args: []string{"dev", "lab1"}, dev: "lab1"},
		{args: []string{"dev", "b0"}, dev: "b0"},
	} {
		var dev, bridge uint32
		if list.dev != "" {
			dev = index(list.dev)
		}
		if list.bridge != "" {
			bridge = index(list.bridge)
		}
		var got []object
		err := ns.Dump(encodeGetFDB(dev, bridge), func(m netlink.Message) error {
			f, err := decodeFDB(m.Data)
			if err != nil {
				return err
			}
			f.Dev, f.Master, f.Via = names.name(&f.Index), names.name(f.MasterIndex), names.name(f.ViaIndex)
			got = append(got, bridgeFDB(&f))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command("bridge", append([]string{"-json", "fdb", "show"}, list.args...)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		var want []object
		if err := json.Unmarshal(out, &want); err != nil {
			t.Fatal(err)
		}
		for _, o := range want {
			if list.dev != "" {
				o["ifname"] = string(list.dev) // left out where it was asked for
			}
		}
		if len(want) < 2 {
			t.Errorf("%v: %d entries", list.args, len(want))
		}
		if diff := cmp.Diff(want, inJSON(t, got), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%v (-bridge +ours)\n%s", list.args, diff)
		}
	}
}

// forwarding waits until the port of a bridge may have dynamic entries.
func forwarding(t *testing.T, port string) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		out, err := exec.Command("bridge", "link", "show", "dev", port).Output()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(out), "state forwarding") {
			return
		}
	}
	t.Fatalf("%s does not forward", port)
}

// bridgeFDB returns a forwarding entry in the form of bridge(8).
func bridgeFDB(f *FDB) object {
	o := object{"mac": f.LLAddr.String(), "ifname": f.Dev, "flags": append([]string{}, f.Flags...), "state": f.State}
	if f.State == string(attr.FDBDynamic) {
		o["state"] = ""
	}
	if f.Master != nil {
		o["master"] = *f.Master
	}
	if f.VLAN != nil {
		o["vlan"] = *f.VLAN
	}
	if f.Dst != nil {
		o["dst"] = f.Dst.Addr
	}
	if f.Port != nil {
		o["port"] = *f.Port
	}
	if f.VNI != nil {
		o["vni"] = *f.VNI
	}
	if f.SrcVNI != nil {
		o["src_vni"] = *f.SrcVNI
	}
	if f.Via != nil {
		o["viaIf"] = *f.Via
	}
	if f.NHID != nil {
		o["nhid"] = *f.NHID
	}
	return o
}
