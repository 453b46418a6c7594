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
