package test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"nethelper/pkg/client"
	"nethelper/pkg/ops"
	"nethelper/pkg/protocol"
)

// The policy says how many helpers a user may run at a time.
func TestSetuidLimitHelpers(t *testing.T) {
	m := install(t, aliceMay+"limit user:alice helpers=2\n")
	m.spawn(launch{person: alice}).greeted()
	m.spawn(launch{person: alice}).greeted()
	c := m.spawn(launch{person: alice})
	if h := c.hello(); h.Error == nil || !strings.Contains(h.Error.Message, "runs 2 helpers, as many as one user may") {
		t.Errorf("the third: %v", h.Error)
	}
	if code := c.ended(time.Second); code != 77 {
		t.Errorf("exit code %d", code)
	}
	for range 3 {
		m.spawn(launch{person: bob}).greeted()
	}
}

// A helper of which nothing is asked for so long ends, and says so. A request that
// comes too late for it is made by another.
func TestSetuidLimitIdle(t *testing.T) {
	m := install(t, aliceMay+"limit user:alice idle=1s\n")
	c := m.spawn(launch{person: alice}).greeted()
	time.Sleep(600 * time.Millisecond)
	c.refused("addr.add dev=lo address=11.9.9.9/32", protocol.Denied) // begins the time anew
	start := time.Now()
	var r protocol.Reply
	c.read(&r)
	if r.ID != 0 || r.Error == nil || r.Error.Code != protocol.Unavailable || !strings.Contains(r.Error.Message, "no request came for 1s") {
		t.Errorf("the last reply is %+v", r.Error)
	}
	if waited := time.Since(start); waited < 900*time.Millisecond {
		t.Errorf("it ended after %s", waited)
	}
	c.eof()
	if code := c.ended(time.Second); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if audit := m.audit(); !strings.Contains(audit, `"event":"end"`) || !strings.Contains(audit, "no request came") {
		t.Errorf("its end is not on record:\n%s", audit)
	}

	m.setPolicy("grant uid:0 addr.list\nlimit uid:0 idle=1s\n")
	lib := client.New(client.Config{Path: m.helper})
	defer lib.Close()
	for range 2 {
		if _, err := client.Collect(t.Context(), lib, ops.AddrList, ops.AddrListParams{}); err != nil {
			t.Error(err)
		}
		time.Sleep(1100 * time.Millisecond)
	}
	if n := strings.Count(m.audit(), `"event":"start"`); n != 3 {
		t.Errorf("%d helpers served, want 3", n)
	}
}

// The policy says how long a request may take to arrive, also while a helper runs.
func TestSetuidLimitRead(t *testing.T) {
	m := install(t, aliceMay)
	c := m.spawn(launch{person: alice}).greeted()
	m.setPolicy(aliceMay + "limit user:alice read=1s\n")
	c.refused("addr.add dev=lo address=11.9.9.9/32", protocol.Denied)
	if _, err := c.to.Write([]byte{0x43, 0xa1}); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	var r protocol.Reply
	c.read(&r)
	if r.Error == nil || r.Error.Code != protocol.Malformed || time.Since(start) > 10*time.Second {
		t.Errorf("%+v after %s", r.Error, time.Since(start))
	}
	if code := c.ended(time.Second); code != 65 {
		t.Errorf("exit code %d", code)
	}
}

// The kernel refuses a helper more data than its memory may be, and what it is asked
// for fits.
func TestSetuidLimitMemory(t *testing.T) {
	m := install(t, aliceMay+"limit user:alice memory=16MiB\nlimit user:bob memory=1GiB\n")
	for _, test := range []struct {
		who         person
		least, most int
	}{{alice, 200 << 20, 300 << 20}, {bob, 1100 << 20, 1300 << 20}, {carol, 200 << 20, 300 << 20}} {
		c := m.spawn(launch{person: test.who}).greeted()
		limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", c.cmd.Process.Pid))
		m.must(err)
		_, row, _ := strings.Cut(string(limits), "Max data size")
		f := strings.Fields(row)
		if n, err := strconv.Atoi(f[0]); err != nil || n < test.least || n > test.most || f[1] != f[0] {
			t.Errorf("of %d: %s and %s, want %d to %d", test.who.UID, f[0], f[1], test.least, test.most)
		}
	}

	// A policy of its own size does not count.
	var text strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&text, "grant uid:%d addr.add dev=lab%d address=10.%d.%d.0/24\n", alice.UID, i, i/250, i%250)
		if i%4000 == 3999 {
			m.write(fmt.Sprintf("/etc/nethelper/policy.d/%d.policy", i), text.String(), 0o644)
			text.Reset()
		}
	}
	big := m.spawn(launch{person: alice}).greeted()
	for round := range 3 {
		m.setPolicy(aliceMay + fmt.Sprintf("limit user:alice memory=16MiB\n# %d\n", round))
		big.refused("addr.add dev=lo address=11.9.9.9/32", protocol.Denied)
	}
	big.hangUp()

	// The largest requests, many at a time.
	c := m.spawn(launch{person: alice}).greeted()
	long := m.rawRequest(1, strings.Repeat("x", protocol.MaxRequest-100), map[string]any{})
	for range 100 {
		if _, err := c.to.Write(long); err != nil {
			t.Fatal(err)
		}
		var r protocol.Reply
		c.read(&r)
		if r.Error == nil || r.Error.Code != protocol.UnknownOp {
			t.Fatalf("%+v", r.Error)
		}
	}
}
