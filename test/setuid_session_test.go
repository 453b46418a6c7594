package test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// ended waits for the helper to end by itself, and returns the exit code.
func (c *conversation) ended(within time.Duration) int {
	c.Helper()
	late := time.AfterFunc(within, func() {
		c.Errorf("the helper is still there after %s", within)
		c.cmd.Process.Kill()
	})
	defer late.Stop()
	c.cmd.Wait()
	return c.cmd.ProcessState.ExitCode()
}

// A helper ends when its caller sends no more, and when its caller reads no
// more, though it could still send.
func TestSetuidHangUp(t *testing.T) {
	m := install(t, aliceMay)
	for what, hangUp := range map[string]func(*conversation){
		"sends no more":          func(c *conversation) { c.to.Close() },
		"reads no more":          func(c *conversation) { c.from.Close() },
		"reads no more, asks on": func(c *conversation) { c.from.Close(); c.to.Write([]byte{0x41}) },
	} {
		c := m.spawn(launch{person: alice}).greeted()
		c.refused("addr.add dev=lo address=11.9.9.9/32", protocol.Denied)
		hangUp(c)
		if code := c.ended(time.Second); code != 0 {
			t.Errorf("%s: exit code %d", what, code)
		}
	}
	if n := strings.Count(m.audit(), `"event":"end"`); n != 3 {
		t.Errorf("%d helpers recorded their end, want 3:\n%s", n, m.audit())
	}
}

// Bytes that are no message are answered and recorded, and end the session.
func TestSetuidMalformed(t *testing.T) {
	m := install(t, aliceMay)
	for bytes, reason := range map[string]string{
		"\x60":                                 "malformed frame: want a byte string",
		"\x5b\xff\xff\xff\xff\xff\xff\xff\xff": "malformed frame: 18446744073709551615 bytes, the limit is 65536",
		"\x43\xa1\x61\x61":                     "not a request",
		"\x5f\x41\xa0\xff":                     "malformed frame: want a definite length",
	} {
		c := m.spawn(launch{person: alice}).greeted()
		if _, err := c.to.WriteString(bytes); err != nil {
			t.Fatal(err)
		}
		var r protocol.Reply
		c.read(&r)
		if r.ID != 0 || r.Error == nil || r.Error.Code != protocol.Malformed || r.Error.Message != reason {
			t.Errorf("%x: %+v (%v), want %s", bytes, r, r.Error, reason)
		}
		c.eof()
		if code := c.ended(time.Second); code != 65 {
			t.Errorf("%x: exit code %d, want 65", bytes, code)
		}
	}
	if n := strings.Count(m.audit(), `{"verdict":"error","event":"decide"`); n != 4 {
		t.Errorf("%d records, want 4:\n%s", n, m.audit())
	}
}

// as runs a command with the ids of somebody else.
func (m *machine) as(who person, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	groups := make([]uint32, len(who.Groups))
	for i, g := range who.Groups {
		groups[i] = uint32(g)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(who.UID), Gid: uint32(who.GID), Groups: groups}}
	return cmd.Run()
}

// The caller can neither stop, starve nor look into its helper, and the signals
// that a terminal or a service manager sends to everybody do not end it.
func TestSetuidUntouchable(t *testing.T) {
	m := install(t, aliceMay)
	c := m.spawn(launch{person: alice}).greeted()
	pid := fmt.Sprint(c.cmd.Process.Pid)
	attacks := [][]string{
		{"sh", "-c", "kill -KILL " + pid},
		{"sh", "-c", "kill -STOP " + pid},
		{"prlimit", "--pid", pid, "--fsize=0"},
		{"cat", "/proc/" + pid + "/environ"},
		{"ls", "/proc/" + pid + "/fd/"},
		{"sh", "-c", "exec 3<>/proc/" + pid + "/mem"},
		{"sh", "-c", "echo 1000 > /proc/" + pid + "/oom_score_adj"},
	}
	m.nothingHappens(func() {
		for _, attack := range attacks {
			if _, err := exec.LookPath(attack[0]); err != nil {
				t.Errorf("%s: %v", attack, err)
			}
			if m.as(alice, attack[0], attack[1:]...) == nil {
				t.Errorf("alice may %q", attack)
			}
		}
		for _, s := range []syscall.Signal{unix.SIGINT, unix.SIGTERM, unix.SIGHUP, unix.SIGQUIT, unix.SIGPIPE, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU} {
			m.must(c.cmd.Process.Signal(s))
		}
	})
	c.do("addr.add dev=lo address=10.9.9.9/32")
	m.recorded(`{"event":"start"}`, `{"verdict":"allow","event":"decide"}`, `{"verdict":"allow","event":"done"}`)
}

// records returns the members of each line of the audit log.
func (m *machine) records() []map[string]any {
	m.Helper()
	var all []map[string]any
	for line := range strings.Lines(m.audit()) {
		all = append(all, m.members(line))
	}
	return all
}

func (m *machine) members(object string) (members map[string]any) {
	m.Helper()
	d := json.NewDecoder(strings.NewReader(object))
	d.UseNumber()
	m.must(d.Decode(&members))
	return members
}

// recorded fails unless the audit log has exactly these records, of which only
// the members given are compared.
func (m *machine) recorded(want ...string) {
	m.Helper()
	got := m.records()
	if len(got) != len(want) {
		m.Fatalf("%d records, want %d:\n%s", len(got), len(want), m.audit())
	}
	for i, object := range want {
		for name, value := range m.members(object) {
			if !reflect.DeepEqual(got[i][name], value) {
				m.Errorf("record %d: %s is %v, want %v", i, name, got[i][name], value)
			}
		}
	}
}

// The log tells who asked for what, what was decided by which grant, and what
// came of it where.
func TestSetuidRecords(t *testing.T) {
	m := install(t, aliceMay)
	c := m.spawn(launch{person: alice}).greeted()
	c.do("addr.add dev=lo address=10.9.9.9/32")
	c.refused("addr.add dev=lo address=10.9.9.9/32", protocol.Exists)
	c.refused("addr.add dev=lo address=11.9.9.9/32", protocol.Denied)
	c.hangUp()

	namespace, err := os.Readlink("/proc/thread-self/ns/net")
	m.must(err)
	inode := strings.Trim(namespace, "net:[]")
	m.recorded(
		`{"event":"start","uid":61001,"gid":61001,"groups":[60999,61100],"profile":"N"}`,
		`{"verdict":"allow","event":"decide","seq":1,"call":"addr.add dev=lo address=10.9.9.9/32","grant":"policy:1"}`,
		`{"verdict":"allow","event":"done","seq":1,"call":"addr.add dev=lo address=10.9.9.9/32","grant":"policy:1",
			"netns":`+inode+`,"links":[{"name":"lo","index":1}]}`,
		`{"verdict":"allow","event":"decide","seq":2,"grant":"policy:1"}`,
		`{"verdict":"error","event":"done","seq":2,"grant":"policy:1","code":"exists","errno":17}`,
		`{"verdict":"deny","event":"decide","seq":3,"call":"addr.add dev=lo address=11.9.9.9/32","grant":"policy:1","code":"denied","attr":"address"}`,
		`{"event":"end","uid":61001,"message":"the caller hung up"}`,
	)
	for i, r := range m.records() {
		if r["helper"] != json.Number(fmt.Sprint(c.cmd.Process.Pid)) || r["pid"] != json.Number(fmt.Sprint(os.Getpid())) || r["time"] == nil {
			t.Errorf("record %d: helper %v, caller %v at %v", i, r["helper"], r["pid"], r["time"])
		}
	}
}

// What cannot be recorded is not done.
func TestSetuidUnrecorded(t *testing.T) {
	m := install(t, aliceMay)
	m.must(unix.Mount("tmpfs", "/var/log/nethelper", "tmpfs", 0, "mode=755,size=8k"))
	c := m.spawn(launch{person: alice}).greeted()
	full := "/var/log/nethelper/full"
	m.must(os.WriteFile(full, make([]byte, 4096), 0o600))
	n := 0
	for ; c.ask("addr.add dev=lo address=11.9.9.9/32").Error.Code == protocol.Denied; n++ {
	}
	if n == 0 || n > 4096/100 {
		t.Errorf("%d denials were recorded", n)
	}
	c.refused("addr.add dev=lo address=10.9.9.9/32", protocol.Unrecorded)
	if addresses := m.run("ip", "-brief", "address", "show", "dev", "lo"); strings.Contains(addresses, "10.9.9.9") {
		t.Errorf("it was done all the same: %s", addresses)
	}
	m.must(os.Remove(full))
	c.do("addr.add dev=lo address=10.9.9.9/32")
	last := strings.Split(strings.TrimSpace(m.audit()), "\n")
	if r := m.members(last[len(last)-1]); r["event"] != "done" {
		t.Errorf("the last record is %v", r)
	}
}

// An audit file that others could change, or that is no file, is none.
func TestSetuidAuditFile(t *testing.T) {
	m := install(t, aliceMay)
	for _, test := range []struct {
		spoil, mend func()
		want        string
	}{
		{func() { m.must(os.Symlink("/run/log", auditFile)) }, func() { m.must(os.Remove(auditFile)) },
			"audit file: " + auditFile + ": a symbolic link, want a regular file"},
		{func() { m.must(unix.Mkfifo(auditFile, 0o600)) }, func() { m.must(os.Remove(auditFile)) },
			"audit file: " + auditFile + ": a FIFO, socket or device, want a regular file"},
		{func() { m.must(os.Chown("/var/log/nethelper", alice.UID, 0)) }, func() { m.must(os.Chown("/var/log/nethelper", 0, 0)) },
			"audit file: /var/log/nethelper: belongs to uid 61001, want uid 0: chown 0 /var/log/nethelper"},
		{func() { m.must(os.Rename("/var/log/nethelper", "/var/log/other")) }, func() { m.must(os.Rename("/var/log/other", "/var/log/nethelper")) },
			"audit file: /var/log/nethelper: no such file or directory"},
	} {
		test.spoil()
		c := m.spawn(launch{person: alice})
		if h := c.hello(); h.Error == nil || h.Error.Message != test.want {
			t.Errorf("got  %v\nwant %s", h.Error, test.want)
		}
		if code := c.hangUp(); code != 77 {
			t.Errorf("exit code %d", code)
		}
		test.mend()
	}
	m.spawn(launch{person: alice}).greeted()
}
