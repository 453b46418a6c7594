package test

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// A quota of N lets exactly N of 100 requests through that many helpers of two
// users get at the same time. Who deletes one makes room for one.
func TestSetuidQuota(t *testing.T) {
	const most, asked, helpers = 7, 100, 10
	m := install(t, fmt.Sprintf("grant gid:60999 link.add name=q* kind=ifb max=%d\ngrant gid:60999 link.delete dev=q*\n", most))
	var all []*conversation
	for i := range helpers {
		who := alice
		if i%2 == 1 {
			who = bob
		}
		all = append(all, m.spawn(launch{person: who}).greeted())
	}
	before := m.run("ip", "-brief", "link")

	var (
		wait     sync.WaitGroup
		counting sync.Mutex
		made     int
	)
	for i, c := range all {
		wait.Go(func() {
			for k := range asked / helpers {
				switch r := c.ask(fmt.Sprintf("link.add name=q%d.%d kind=ifb", i, k)); {
				case r.Error == nil:
					counting.Lock()
					made++
					counting.Unlock()
				case r.Error.Code != protocol.Denied || r.Error.Attr != "max" || r.Error.Used != most || r.Error.Max != most:
					t.Errorf("%+v", r.Error)
				}
			}
		})
	}
	wait.Wait()
	if n := strings.Count(m.run("ip", "-brief", "link"), "\nq"); made != most || n != most {
		t.Errorf("%d were made, ip shows %d, want %d; before:\n%s", made, n, most, before)
	}
	if n := strings.Count(m.audit(), `"verdict":"deny"`); n != asked-most {
		t.Errorf("%d denials are recorded, want %d", n, asked-most)
	}
	if n := strings.Count(m.audit(), `"event":"done"`); n != most {
		t.Errorf("%d outcomes are recorded, want %d", n, most)
	}

	link, _, _ := strings.Cut(strings.TrimSpace(m.run("sh", "-c", "ip -brief link | grep ^q")), " ")
	m.run("ip", "link", "delete", link)
	all[0].do("link.add name=q0 kind=ifb")
	all[1].refused("link.add name=q1 kind=ifb", protocol.Denied)
}

// The lock is one that no caller can open, so nobody keeps others from counting; a
// helper that is killed while it has it does not either.
func TestSetuidQuotaLock(t *testing.T) {
	m := install(t, "grant gid:60999 link.add name=q* kind=ifb max=9\n")
	c := m.spawn(launch{person: alice}).greeted()
	lock := auditFile + ".lock"
	st, err := os.Stat(lock)
	m.must(err)
	if mode := st.Mode().Perm(); mode != 0o640 {
		t.Errorf("the lock has mode %o", mode)
	}
	if err := m.as(alice, "sh", "-c", "exec 9<"+lock); err == nil {
		t.Error("a caller can open the lock")
	}

	held, err := unix.Open(lock, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	m.must(err)
	m.must(unix.Flock(held, unix.LOCK_EX))
	e := c.refused("link.add name=q0 kind=ifb", protocol.Kernel)
	if e.Attr != "max" || e.Errno != uint32(unix.EAGAIN) {
		t.Errorf("while root holds the lock: %+v", e)
	}
	if links := m.run("ip", "-brief", "link"); strings.Contains(links, "q0") {
		t.Errorf("it was made all the same:\n%s", links)
	}
	if !strings.Contains(m.audit(), `"verdict":"error","event":"decide"`) {
		t.Errorf("no record:\n%s", m.audit())
	}

	waiting := m.spawn(launch{person: bob}).greeted()
	waiting.send("link.add name=q1 kind=ifb")
	time.Sleep(10 * time.Millisecond)
	m.must(waiting.cmd.Process.Kill())
	waiting.hangUp()
	m.must(unix.Close(held))
	c.do("link.add name=q0 kind=ifb")
}

// A quota that comes while a helper runs that has no lock takes another helper.
func TestSetuidQuotaComes(t *testing.T) {
	m := install(t, "grant gid:60999 link.add name=q* kind=ifb\n")
	c := m.spawn(launch{person: alice}).greeted()
	c.do("link.add name=q0 kind=ifb")
	m.setPolicy("grant gid:60999 link.add name=q* kind=ifb max=1\n")
	c.refused("link.add name=q1 kind=ifb", protocol.Outdated)
	m.spawn(launch{person: alice}).greeted().refused("link.add name=q1 kind=ifb", protocol.Denied)
}

// Helpers with file capabilities take turns as well, once root has made the lock.
func TestScopedQuota(t *testing.T) {
	m := install(t, "grant gid:60999 link.add name=q* kind=ifb max=1\n")
	m.scoped(scopedCaps...)
	lock := auditFile + ".lock"
	m.nothingHappens(func() {
		m.saysWhy(launch{person: alice}, "lock for quotas: "+lock+" is not there, and only root can make it: install -m 640 /dev/null "+lock)
	})
	m.write(lock, "", 0o640)
	a, b := m.spawn(launch{person: alice}).greeted(), m.spawn(launch{person: bob}).greeted()
	a.do("link.add name=q0 kind=ifb")
	if e := b.refused("link.add name=q1 kind=ifb", protocol.Denied); e.Used != 1 || e.Max != 1 {
		t.Errorf("%+v", e)
	}
	if links := m.run("ip", "-brief", "link"); strings.Count(links, "\nq") != 1 {
		t.Errorf("there are %s", links)
	}
}

// A request counts for as many objects as it makes, and an object for as many as have
// become one.
func TestSetuidQuotaOfSeveral(t *testing.T) {
	m := install(t, "grant gid:60999 route.append dst=* table=100 via=* dev=* max=2\n"+
		"grant gid:60999 route.append dst=* table=101 hop.via=* hop.dev=* max=2\n"+
		"grant gid:60999 fdb.add dev=* lladdr=02:00:00:00:00:* master=on self=on max=1\n"+
		"grant gid:60999 link.add netns=. name=w* kind=veth peer.name=w* peer.netns=* max=1\n")
	for _, line := range []string{
		"ip link set lo up", "ip link add v0 type veth peer name v1", "ip link set v0 up", "ip link set v1 up", "ip -6 addr add fd00::1/64 dev v0 nodad",
		"ip link add br0 type bridge", "ip link set v1 master br0", "ip link set br0 up",
		"mkdir -p /run/netns", "touch /run/netns/me", "mount --bind /proc/self/ns/net /run/netns/me",
	} {
		words := strings.Fields(line)
		m.run(words[0], words[1:]...)
	}
	c := m.spawn(launch{person: alice}).greeted()
	full := func(call string) {
		t.Helper()
		if e := c.refused(call, protocol.Denied); e.Attr != "max" {
			t.Errorf("%s: %+v", call, e)
		}
	}
	c.do("route.append dst=fd01::/64 table=100 via=fd00::2 dev=v0")
	c.do("route.append dst=fd01::/64 table=100 via=fd00::3 dev=v0")
	full("route.append dst=fd01::/64 table=100 via=fd00::4 dev=v0")
	full("route.append dst=fd02::/64 table=101 hop.1.via=fd00::2 hop.1.dev=v0 hop.2.via=fd00::3 hop.2.dev=v0 hop.3.via=fd00::4 hop.3.dev=v0")
	if routes := m.run("ip", "-6", "route", "show", "table", "all"); strings.Count(routes, "via fd00::") != 2 {
		t.Errorf("routes:\n%s", routes)
	}
	full("fdb.add dev=v1 lladdr=02:00:00:00:00:99 master=on self=on")
	full("link.add netns=. name=w0 kind=veth peer.name=w1 peer.netns=me")
	if there := m.run("ip", "-brief", "link") + m.run("bridge", "fdb", "show"); strings.Contains(there, "w0") || strings.Contains(there, "02:00:00:00:00:99") {
		t.Errorf("made all the same:\n%s", there)
	}
	if code := c.hangUp(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}
