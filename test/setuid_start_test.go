package test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nethelper/internal/slots"
	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// aliceMay is a policy with one grant.
const aliceMay = "grant uid:61001 addr.add dev=lo address=10.0.0.0/8\n"

// A helper that gained privilege reads no argument.
func TestSetuidArguments(t *testing.T) {
	m := install(t, aliceMay)
	m.write("/run/mine", "grant uid:61001 addr.add dev=* address=*\n", 0o644)
	for _, args := range [][]string{
		{"nethelper", "-policy", "/run/mine"},
		{"nethelper", "-audit", "/run/log"},
		{"nethelper", "-h"},
		{"nethelper", ""},
		{""},
		{},
	} {
		m.nothingHappens(func() {
			m.saysWhy(launch{person: alice, Args: args}, "a helper that gained privilege takes no arguments: its policy is /etc/nethelper/policy")
		})
	}
	if _, err := os.Stat("/run/log"); !os.IsNotExist(err) {
		t.Errorf("the caller's audit file: %v", err)
	}
}

// The caller's environment changes nothing, whatever it asks of the Go runtime,
// and nothing of it is left. (With sbrk=1 the runtime itself fails now and then, before
// the helper has begun.) Nobody becomes stage 1 by claiming to be.
func TestSetuidEnvironment(t *testing.T) {
	m := install(t, aliceMay)
	m.must(unix.Mkfifo("/run/fifo", 0o666))
	m.must(os.Mkdir("/run/cover", 0o777))
	m.must(os.Chmod("/run/cover", 0o777))
	c := m.spawn(launch{person: bob, Env: []string{
		"GODEBUG=gctrace=1,inittrace=1,asyncpreemptoff=1,panicnil=1", "GOGC=off", "GOMEMLIMIT=1MiB", "GOMAXPROCS=1",
		"GOTRACEBACK=crash", "GOCOVERDIR=/run/cover", "TZ=:/run/fifo", "LD_PRELOAD=/run/mine.so", "PATH=/run", "HOME=/run", "TMPDIR=/run",
		`NETHELPER_HANDOVER=uid=61001 gid=61001 pid=1 audit=2 slot=-1 quota=-1 policy= groups= repaired=`,
	}}).greeted()
	c.refused("addr.add dev=lo address=10.9.9.9/32", protocol.Denied)
	environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", c.cmd.Process.Pid))
	m.must(err)
	want := fmt.Sprintf("GOMAXPROCS=1\x00GOTRACEBACK=none\x00NETHELPER_HANDOVER="+
		"uid=61002 gid=61002 pid=%d audit=", os.Getpid())
	if !strings.HasPrefix(string(environ), want) || strings.Count(string(environ), "\x00") != 3 {
		t.Errorf("environment %q, want %q...", environ, want)
	}
	if left, err := os.ReadDir("/run/cover"); err != nil || len(left) > 0 {
		t.Errorf("written for the caller: %v, %v", left, err)
	}
	if log := m.audit(); strings.Contains(log, `"uid":61001`) || !strings.Contains(log, `{"verdict":"deny","event":"decide"`) {
		t.Errorf("the log does not tell the caller from whom it claims to be:\n%s", log)
	}
	if code := c.hangUp(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// Standard descriptors that are closed are no channel, and nothing that the
// helper opens takes their place.
func TestSetuidClosed(t *testing.T) {
	m := install(t, aliceMay)
	for _, test := range []struct {
		closed []int
		code   int
		stderr string
	}{
		{[]int{0}, 77, "nethelper: stdin is neither a pipe nor a Unix stream socket: let the caller start the helper\n"},
		{[]int{1}, 77, "nethelper: stdout is neither a pipe nor a Unix stream socket: let the caller start the helper\n"},
		{[]int{0, 1, 2}, 77, ""},
		{[]int{2}, 0, ""},
	} {
		start := func() {
			c := m.spawn(launch{person: alice, Close: test.closed})
			if test.code == 0 {
				c.greeted().do("addr.add dev=lo address=10.9.9.9/32")
			}
			if code := c.hangUp(); code != test.code || c.stderr.String() != test.stderr {
				t.Errorf("without %v: exit code %d, stderr %q", test.closed, code, c.stderr.String())
			}
		}
		if test.code == 0 {
			start()
			m.recorded(`{"event":"start"}`, `{"verdict":"allow","event":"decide"}`, `{"verdict":"allow","event":"done"}`, `{"event":"end"}`)
		} else {
			m.nothingHappens(start)
		}
	}
}

// A serving helper has its channel, its slot, its log and its namespace open, and
// nothing of the caller's.
func TestSetuidDescriptors(t *testing.T) {
	m := install(t, aliceMay)
	c := m.spawn(launch{person: alice, Open: []int{3, 4, 5, 9, 100, 200}}).greeted()
	c.do("addr.add dev=lo address=10.9.9.9/32")
	fds, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", c.cmd.Process.Pid))
	m.must(err)
	var kinds []string
	for _, fd := range fds {
		to, err := os.Readlink(fd)
		m.must(err)
		kinds = append(kinds, strings.TrimRight(to, ":[0123456789]"))
	}
	slices.Sort(kinds)
	want := []string{slots.Dir + "/61001.", auditFile, "anon_inode:[eventfd", "anon_inode:[eventpoll", "net", "pipe", "pipe", "pipe", "socket"}
	if !slices.Equal(kinds, want) {
		t.Errorf("open: %q\nwant: %q", kinds, want)
	}
}

// The helper's own user is no caller: it could stop the helper that it starts.
func TestSetuidOwnUser(t *testing.T) {
	m := install(t, "grant user:nethelper addr.add dev=lo address=10.0.0.0/8\n")
	m.nothingHappens(func() {
		m.saysWhy(launch{person: helperUser}, "the user nethelper is the helper's own and cannot be its caller: run the caller as another user")
	})
}
