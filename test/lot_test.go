package test

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"nethelper/internal/audit"
	"nethelper/pkg/protocol"

	gocmp "github.com/google/go-cmp/cmp"
)

// What comes of requests that arrive together is what comes of them one at a time:
// the same replies, the same records, the same state of the kernel. The streams
// are random, with failures and denials in their midst; NETHELPER_LOT_SEED repeats
// one.
func TestLot(t *testing.T) {
	const streams, requests = 4, 400
	seed := rand.Uint64()
	if text, ok := os.LookupEnv("NETHELPER_LOT_SEED"); ok {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	for n := range uint64(streams) {
		t.Run(fmt.Sprint(seed+n), func(t *testing.T) {
			random := rand.New(rand.NewPCG(seed+n, 0))
			var calls []string
			for range requests {
				calls = append(calls, randomCall(random))
			}
			var one, together lotOutcome
			t.Run("one at a time", func(t *testing.T) { one = carryOut(t, calls, 1) })
			t.Run("together", func(t *testing.T) { together = carryOut(t, calls, requests) })
			if diff := gocmp.Diff(one, together); diff != "" {
				t.Errorf("together they come to something else:\n%s", diff)
			}
		})
	}
}

// lotPolicy allows most of what randomCall makes up.
const lotPolicy = `
set @dst = 10.0.0.0/8,fd00::/8
grant uid:0 addr.add,addr.replace netns=-,red dev=* address=@dst wait=*
grant uid:0 addr.delete netns=-,red dev=* address=@dst if_absent=*
grant uid:0 route.add,route.append netns=-,red dst=@dst dev=-,* via=-,* metric=-,* if_present=*
grant uid:0 route.replace netns=-,red dst=@dst dev=-,* via=-,* metric=-,*
grant uid:0 route.delete netns=-,red dst=@dst dev=-,* via=-,* metric=-,* if_absent=*
grant uid:0 neigh.add,neigh.replace netns=-,red dev=* dst=@dst lladdr=*
grant uid:0 neigh.delete netns=-,red dev=* dst=@dst if_absent=*
grant uid:0 fdb.add,fdb.replace,fdb.append,fdb.delete netns=-,red dev=* lladdr=* master=-,*
grant uid:0 rule.add netns=-,red family=* priority=* from=-,* table=* if_present=*
grant uid:0 rule.delete netns=-,red family=* priority=* from=-,* table=* if_absent=*
grant uid:0 link.add netns=-,red kind=bridge name=lab* lladdr=* if_present=*
grant uid:0 link.delete netns=-,red dev=lab* if_absent=*
grant uid:0 link.set netns=-,red dev=lab* mtu=* up=* name=lab*
grant uid:0 route.list,addr.list netns=-,red dev=-,* family=-,*
`

// randomCall makes up a request. The objects are few, so that requests meet.
func randomCall(r *rand.Rand) string {
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	maybe := func(words ...string) string {
		if r.IntN(3) > 0 {
			return ""
		}
		return " " + pick(words...)
	}
	in := pick("", "", " netns=red", " netns=none")
	dev := pick("lab0", "lab0", "lab1", "lab2", "lab3", "lab9", "other")
	dst := pick("10.1.1.0/24", "10.1.1.1/32", "10.1.2.0/24", "fd00:1::/64", "11.0.0.0/8", "default")
	host := pick("10.1.1.7", "10.1.1.8", "fd00:1::7", "11.1.1.1")
	// The kernel puts IPv6 addresses into use at some later time, which shows.
	address := pick("10.1.1.7/24", "10.1.1.8/24", "10.1.2.7/32", "11.1.1.1/24")
	lladdr := pick("02:00:00:00:00:01", "02:00:00:00:00:02")
	switch r.IntN(20) {
	case 0, 1, 2:
		return pick("addr.add", "addr.replace") + in + " dev=" + dev + " address=" + address + maybe("wait=1")
	case 3:
		return "addr.delete" + in + " dev=" + dev + " address=" + address + maybe("if_absent=ok")
	case 4, 5, 6:
		return pick("route.add", "route.append") + in + " dst=" + dst + maybe("dev="+dev, "via="+host, "dev=lab0") + maybe("metric=7", "metric=8") + maybe("if_present=ok")
	case 7, 8:
		return "route.replace" + in + " dst=" + dst + maybe("dev="+dev, "dev=lab0", "via="+host) + maybe("metric=7", "metric=8")
	case 9, 10:
		return "route.delete" + in + " dst=" + dst + maybe("dev="+dev, "via="+host) + maybe("metric=7", "metric=8") + maybe("if_absent=ok")
	case 11, 12:
		return pick("neigh.add", "neigh.replace") + in + " dev=" + dev + " dst=" + host + " lladdr=" + lladdr
	case 13:
		return "neigh.delete" + in + " dev=" + dev + " dst=" + host + maybe("if_absent=ok")
	case 14:
		return pick("fdb.add", "fdb.replace", "fdb.append", "fdb.delete") + in + " dev=" + dev + " lladdr=" + lladdr + maybe("master=on")
	case 15:
		return pick("rule.add", "rule.delete") + in + " family=inet priority=" + pick("70", "80") + maybe("from=10.1.1.0/24") + " table=main"
	case 16:
		return "rule.add" + in + " family=inet priority=70 table=main if_present=ok"
	case 17:
		return "link.add" + in + " kind=bridge name=" + pick("lab2", "lab3") + " lladdr=02:00:00:00:00:09" + maybe("if_present=ok")
	case 18:
		return pick("link.delete"+in+" dev=", "link.set"+in+" up=on dev=", "link.set"+in+" mtu=1400 dev=", "link.set"+in+" up=off name=lab3 dev=") + pick("lab2", "lab3")
	}
	return pick("route.list", "addr.list") + in + maybe("dev=lab0") + maybe("family=inet")
}

// lotOutcome is all that can be seen of what was done.
type lotOutcome struct {
	Replies map[uint64][]string
	Records []audit.Record
	Kernel  string
}

// stamps are the times at which addresses were made and changed.
var stamps = regexp.MustCompile(`"[ct]stamp": \d+, `)

// carryOut has a helper carry out the calls, window at a time.
func carryOut(t *testing.T, calls []string, window int) lotOutcome {
	l := newLab(t, lotPolicy)
	const links = "ip $in link add lab0 address 02:00:00:00:01:00 type veth peer name lab1 address 02:00:00:00:01:01; " +
		"ip $in link add br0 address 02:00:00:00:01:02 type bridge; ip $in link set lab1 master br0; " +
		"for l in lo lab0 lab1; do ip $in link set $l up; done; "
	l.sh("ip netns add red; in=; " + links + "in='-n red'; " + links +
		// What comes later by itself is not to be looked at.
		"for in in '' 'ip netns exec red'; do $in sh -c 'for l in lab0 lab1; do echo 0 >/proc/sys/net/ipv6/conf/$l/accept_dad; ip -6 address flush dev $l; done'; done")
	c := l.start().greeted()
	o := lotOutcome{Replies: make(map[uint64][]string)}
	for begin := 0; begin < len(calls); begin += window {
		var frames bytes.Buffer
		part := calls[begin:min(begin+window, len(calls))]
		for i, call := range part {
			frames.Write(c.request(uint64(begin+i+1), call))
		}
		go func() {
			if _, err := c.to.Write(frames.Bytes()); err != nil {
				t.Error(err)
			}
		}()
		for range part {
			for more := true; more; {
				var r protocol.Reply
				c.read(&r)
				text, err := protocol.Marshal(r)
				c.must(err)
				o.Replies[r.ID] = append(o.Replies[r.ID], calls[r.ID-1]+": "+stamps.ReplaceAllString(protocol.Diagnose(text), ""))
				more = r.More
			}
		}
	}
	if code := c.hangUp(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	inodes := map[uint64]uint64{0: 0}
	records, shared := l.records(), 0
	for i, r := range records {
		if i > 0 && r.Event == audit.Decide && records[i-1].Event == audit.Decide && records[i-1].Verdict == audit.Allow {
			shared++
		}
		if r.Event != audit.Decide && r.Event != audit.Done {
			continue
		}
		if _, ok := inodes[r.Netns]; !ok {
			inodes[r.Netns] = uint64(len(inodes))
		}
		r.Time, r.Helper, r.PID, r.Netns = time.Time{}, 0, 0, inodes[r.Netns]
		o.Records = append(o.Records, r)
	}
	if (shared > len(calls)/10) != (window > 1) {
		t.Errorf("%d of %d requests were decided before one that precedes them was carried out", shared, len(calls))
	}
	slices.SortStableFunc(o.Records, func(a, b audit.Record) int {
		return cmp.Or(cmp.Compare(a.Seq, b.Seq), cmp.Compare(a.Event, b.Event))
	})
	for _, in := range []string{"", "-n red"} {
		o.Kernel += l.sh("ip " + in + " address; ip " + in + " route show table all; ip " + in + " -6 route show table all; ip " + in + " rule; " +
			"ip " + in + " neighbour show nud permanent | sort; bridge " + in + " fdb show | grep -v ' 33:33:\\|^33:33:\\|^01:00:5e' | sort")
	}
	return o
}
