package test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"nethelper/pkg/protocol"
)

const (
	workloadPolicy = `
grant user:dave netns.create,netns.delete name=w*
grant user:dave link.add netns=w* kind=bridge name=l* up=*
grant user:dave link.delete netns=w* dev=l*
grant user:dave addr.add,addr.delete netns=w* dev=l* address=10.0.0.0/8
grant user:dave route.replace netns=w* dst=172.16.0.0/12 dev=l* metric=*
grant user:dave route.delete netns=w* dst=172.16.0.0/12 metric=*
grant user:dave link.list,addr.list,route.list netns=-,w*
grant user:dave netns.list
`
	// workloadOps is how many requests are made; NETHELPER_WORKLOAD sets another
	// number, and NETHELPER_SEED repeats a run.
	workloadOps = 10_000
	namespaces  = 12
	linksOfEach = 4
)

// A model is what has to be in a network namespace: for each link the addresses
// on it and the routes by it.
type model map[string]map[string]bool

// A workload is a session that makes up its requests, and knows what they come to.
type workload struct {
	*conversation
	*rand.Rand
	there map[string]model
}

// A helper that serves for long, in many namespaces, under its filter, always acts
// in the right one, and takes no more threads, descriptors or memory than it did
// after a while.
func TestSetuidWorkload(t *testing.T) {
	number, seed := uint64(workloadOps), rand.Uint64()
	for name, value := range map[string]*uint64{"NETHELPER_WORKLOAD": &number, "NETHELPER_SEED": &seed} {
		if text, ok := os.LookupEnv(name); ok {
			var err error
			if *value, err = strconv.ParseUint(text, 10, 64); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("NETHELPER_SEED=%d NETHELPER_WORKLOAD=%d", seed, number)
	m := install(t, workloadPolicy)
	w := &workload{m.spawn(launch{person: dave}).greeted(), rand.New(rand.NewPCG(seed, 0)), make(map[string]model)}
	m.must(w.from.SetReadDeadline(time.Time{}))
	var before usage
	for i := range number {
		w.request()
		switch {
		case i == number/5:
			before = w.usage()
		case i%(number/4) == 0:
			w.compare()
		}
	}
	w.compare()
	after := w.usage()
	t.Logf("after a fifth %+v, at the end %+v", before, after)
	const slack = 4 << 10 // KiB: what the collector leaves for later
	if after.threads > before.threads+2 || after.descriptors > before.descriptors+namespaces || after.resident > before.resident+slack {
		t.Errorf("it has grown from %+v to %+v", before, after)
	}
	w.rests()
	if code := w.hangUp(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// rests checks that a helper that has nothing to do any more gives memory back.
func (w *workload) rests() {
	w.Helper()
	for range 3000 {
		w.request()
	}
	busy := w.usage()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(100 * time.Millisecond) {
		now := w.usage()
		if now.resident < busy.resident {
			w.Logf("after a rest %+v, before it %+v", now, busy)
			return
		}
		if time.Now().After(deadline) {
			w.Errorf("it takes %+v at work, and %+v after a rest", busy, now)
			return
		}
	}
}

// request makes one request, and checks that what comes of it is what has to.
func (w *workload) request() {
	w.Helper()
	ns, link := fmt.Sprintf("w%d", w.IntN(namespaces)), fmt.Sprintf("l%d", w.IntN(linksOfEach))
	n := w.IntN(3)
	links, made := w.there[ns]
	on, linked := links[link]
	address := fmt.Sprintf("10.%s.%s.%d/32", ns[1:], link[1:], n+1)
	route := fmt.Sprintf("172.16.%d.0/24", n)
	switch dice := w.IntN(48); {
	case dice == 0:
		w.expect("netns.create name="+ns, made, protocol.Exists, func() { w.there[ns] = make(model) })
	case dice == 1:
		if w.IntN(4) == 0 {
			w.expect("netns.delete name="+ns, !made, protocol.NotFound, func() { delete(w.there, ns) })
		}
	case dice < 4:
		w.expect("link.add netns="+ns+" kind=bridge up=on name="+link, linked, protocol.Exists, func() { links[link] = make(map[string]bool) }, made)
	case dice < 5:
		w.expect("link.delete netns="+ns+" dev="+link, !linked, protocol.NotFound, func() { delete(links, link) }, made)
	case dice < 17:
		w.expect("addr.add netns="+ns+" dev="+link+" address="+address, on[address], protocol.Exists, func() { on[address] = true }, made, linked)
	case dice < 21:
		w.expect("addr.delete netns="+ns+" dev="+link+" address="+address, !on[address], protocol.NotFound, func() { without(on, address) }, made, linked)
	case dice < 34:
		metric := 100 + int(link[1]-'0')
		w.expect(fmt.Sprintf("route.replace netns=%s dst=%s dev=%s metric=%d", ns, route, link, metric), false, "", func() { on[route] = true }, made, linked)
	case dice < 38:
		metric := 100 + int(link[1]-'0')
		w.expect(fmt.Sprintf("route.delete netns=%s dst=%s metric=%d", ns, route, metric), !on[route], protocol.NotFound, func() { delete(on, route) }, made)
	case dice < 42:
		w.refused("addr.add netns="+ns+" dev="+link+" address=11.0.0.1/8", protocol.Denied)
	case dice < 46:
		w.expect([]string{"link.list", "addr.list", "route.list"}[n]+" netns="+ns, false, "", func() {}, made)
	default:
		w.do("netns.list")
	}
}

// without takes an address off a link. The last one takes the routes along.
func without(on map[string]bool, address string) {
	delete(on, address)
	for thing := range on {
		if strings.HasPrefix(thing, "10.") {
			return
		}
	}
	clear(on)
}

// expect makes a request. It is to fail with the code where it must, and because
// something is missing where one of the conditions does not hold.
func (w *workload) expect(call string, fails bool, code protocol.Code, done func(), conditions ...bool) {
	w.Helper()
	switch {
	case slices.Contains(conditions, false):
		w.refused(call, protocol.NotFound)
	case fails:
		w.refused(call, code)
	default:
		w.do(call)
		done()
	}
}

// compare looks at every namespace with other eyes.
func (w *workload) compare() {
	w.Helper()
	names := strings.Fields(strings.ReplaceAll(w.run("ip", "netns", "list"), "(", "#("))
	names = slices.DeleteFunc(names, func(s string) bool { return !strings.HasPrefix(s, "w") })
	slices.Sort(names)
	if want := slices.Sorted(maps.Keys(w.there)); !slices.Equal(names, want) {
		w.Fatalf("namespaces %v, want %v", names, want)
	}
	for ns, links := range w.there {
		if got, want := w.look(ns), links.lines(); got != want {
			w.Fatalf("%s has\n%swant\n%s", ns, got, want)
		}
	}
	if own := w.run("ip", "-brief", "link"); strings.Contains(own, "l0") || strings.Contains(own, "l1") {
		w.Errorf("the own namespace has %s", own)
	}
}

func (m model) lines() string {
	var all []string
	for link, on := range m {
		all = append(all, link)
		for thing := range on {
			all = append(all, link+" "+thing)
		}
	}
	slices.Sort(all)
	return strings.Join(append(all, ""), "\n")
}

// look lists what is in a namespace, as lines does.
func (w *workload) look(ns string) string {
	var all []string
	for line := range strings.Lines(w.run("ip", "-n", ns, "-brief", "-4", "address")) {
		words := strings.Fields(line)
		if words[0] != "lo" {
			for _, address := range words[2:] {
				all = append(all, words[0]+" "+address)
			}
		}
	}
	for line := range strings.Lines(w.run("ip", "-n", ns, "-brief", "link")) {
		if name := strings.Fields(line)[0]; name != "lo" {
			all = append(all, name)
		}
	}
	for line := range strings.Lines(w.run("ip", "-n", ns, "-4", "route")) {
		if words := strings.Fields(line); strings.HasPrefix(words[0], "172.16.") {
			all = append(all, words[2]+" "+words[0])
		}
	}
	slices.Sort(all)
	return strings.Join(append(all, ""), "\n")
}

// A usage is what a process takes of the machine.
type usage struct{ threads, descriptors, resident int }

func (c *conversation) usage() (u usage) {
	c.Helper()
	proc := fmt.Sprintf("/proc/%d/", c.cmd.Process.Pid)
	for name, into := range map[string]*int{"task": &u.threads, "fd": &u.descriptors} {
		entries, err := os.ReadDir(proc + name)
		c.must(err)
		*into = len(entries)
	}
	status, err := os.ReadFile(proc + "status")
	c.must(err)
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	_, err = fmt.Sscan(rest, &u.resident)
	c.must(err)
	return u
}
