package test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// A start is what a caller arranges before it executes the helper, and what comes of
// it: the helper serves as if nothing were, says why it cannot, or ends before it has
// read anything.
type start struct {
	launch
	prepare func(m *machine, l *launch) // may be nil

	// repaired is what the start record says was put right.
	repaired []string
	// says is why the helper cannot serve.
	says string
	// fatal is true of what no Go program lives with.
	fatal bool
}

var starts = map[string]start{
	"nothing":      {},
	"environment":  {launch: launch{Env: []string{"GODEBUG=asyncpreemptoff=1", "GOTRACEBACK=crash", "GOGC=off", "LD_PRELOAD=/run/mine.so", "PATH=/run"}}},
	"descriptors":  {launch: launch{Open: []int{3, 4, 5, 6, 7, 8, 9, 50, 200, 255}}},
	"umask":        {launch: launch{Umask: 0o777}},
	"directory":    {launch: launch{Dir: "/run"}},
	"a lost one":   {launch: launch{DirGoes: true}},
	"session":      {launch: launch{OOM: 1000, ParentDeath: unix.SIGUSR1, OneCPU: true}},
	"memory rules": {launch: launch{NoExecMem: true}},

	"blocked signals": {launch: launch{Blocked: []syscall.Signal{unix.SIGTERM, unix.SIGUSR1, unix.SIGURG, unix.SIGPROF}}, repaired: []string{"blocked signals"}},
	"ignored signals": {launch: launch{Ignored: []syscall.Signal{unix.SIGPIPE, unix.SIGCHLD, unix.SIGURG, unix.SIGUSR2}}},
	"waiting signals": {launch: launch{Blocked: []syscall.Signal{unix.SIGURG, unix.SIGALRM}, Pending: []syscall.Signal{unix.SIGURG, unix.SIGALRM}}, repaired: []string{"blocked signals"}},
	"a fault waiting": {launch: launch{Blocked: []syscall.Signal{unix.SIGSEGV}, Pending: []syscall.Signal{unix.SIGSEGV}}, fatal: true},
	"an end waiting":  {launch: launch{Blocked: []syscall.Signal{unix.SIGTERM}, Pending: []syscall.Signal{unix.SIGTERM}}, fatal: true},

	"real timer":        {launch: launch{Timers: map[unix.ItimerWhich]time.Duration{unix.ITIMER_REAL: time.Hour}}, repaired: []string{"a running timer"}},
	"virtual timer":     {launch: launch{Timers: map[unix.ItimerWhich]time.Duration{unix.ITIMER_VIRTUAL: time.Hour}}, repaired: []string{"a running timer"}},
	"profiling timer":   {launch: launch{Timers: map[unix.ItimerWhich]time.Duration{unix.ITIMER_PROF: time.Hour}}, repaired: []string{"a running timer"}},
	"timer slack":       {launch: launch{Slack: 3 * time.Second}, repaired: []string{"a timer slack of 3s"}},
	"endless slack":     {launch: launch{Slack: 1e18}, repaired: []string{"a timer slack of 277777h46m40s"}},
	"no time stamps":    {launch: launch{NoTSC: true}, fatal: true},
	"nice":              {launch: launch{Nice: 19}, repaired: []string{"scheduling policy 0, nice 19"}},
	"idle":              {launch: launch{Idle: true}, repaired: []string{"scheduling policy 5, nice 0"}},
	"no random layout":  {launch: launch{Personality: 0x0040000}}, // the kernel clears it
	"readable is code":  {launch: launch{Personality: 0x0400000}},
	"page zero":         {launch: launch{Personality: 0x0100000}},
	"an old name":       {launch: launch{Personality: 0x0020000}, repaired: []string{"personality 0x20000"}},
	"timeouts that ebb": {launch: launch{Personality: 0x4000000}, repaired: []string{"personality 0x4000000"}},

	"small files": {launch: launch{Limits: map[int]uint64{unix.RLIMIT_FSIZE: 0}},
		says: "the caller's RLIMIT_FSIZE is 0 and cannot be raised: start the helper with at least 67108864"},
	"few files": {launch: launch{Limits: map[int]uint64{unix.RLIMIT_NOFILE: 64}},
		says: "the caller's RLIMIT_NOFILE is 64 and cannot be raised: start the helper with at least 256"},
	"little time": {launch: launch{Limits: map[int]uint64{unix.RLIMIT_CPU: 1000}},
		says: "the caller's RLIMIT_CPU is 1000 and cannot be raised: start the helper without that limit"},
	"enough of all": {launch: launch{Limits: map[int]uint64{unix.RLIMIT_FSIZE: 1 << 30, unix.RLIMIT_NOFILE: 300, unix.RLIMIT_CORE: 1}},
		repaired: []string{"RLIMIT_FSIZE 1073741824"}},
	"limits of no matter": {launch: launch{Limits: map[int]uint64{unix.RLIMIT_SIGPENDING: 64, unix.RLIMIT_MEMLOCK: 0, unix.RLIMIT_MSGQUEUE: 0, unix.RLIMIT_STACK: 64 << 10}}},
	"no signals": {launch: launch{Limits: map[int]uint64{unix.RLIMIT_SIGPENDING: 0}},
		says: "the caller's RLIMIT_SIGPENDING is 0 and cannot be raised: start the helper with at least 64"},
	"little space": {launch: launch{Limits: map[int]uint64{unix.RLIMIT_AS: 64 << 20}}, fatal: true},
	"little data":  {launch: launch{Limits: map[int]uint64{unix.RLIMIT_DATA: 1 << 20}}, fatal: true},

	"no setuid bit": {prepare: func(m *machine, l *launch) { l.Path = m.copied("/run/libexec/plain", 0o755) },
		says: "/run/libexec/plain lacks the setuid bit, and its caller holds no capabilities: chown root:nethelper /run/libexec/plain and chmod 4750 /run/libexec/plain"},
	"nosuid": {prepare: nosuid,
		says: "/run/nosuid/nethelper is on a file system that is mounted nosuid, so that it gains nothing: install it elsewhere, or mount it suid"},
	"no_new_privs": {launch: launch{NoNewPrivs: true},
		says: "the caller has no_new_privs set, so that the helper gains nothing: clear NoNewPrivileges= in its unit, or let the container's processes gain privilege"},
	"traced": {launch: launch{Traced: true},
		says: "the helper is traced, so that it gains nothing: start it without strace or a debugger"},
	"user namespace": {launch: launch{UserNS: true},
		says: "the caller is in a user namespace that root is not mapped into, so that the helper gains nothing: start the helper outside, or as root of the namespace with --policy and --audit"},
	"shared file system state": {launch: launch{SharedFS: true},
		says: "/run/libexec/nethelper has its setuid bit, but the kernel did not honour it: start it from a process that shares no file system state (CLONE_FS)"},
	"bounding set": {launch: launch{NoBounding: unix.CAP_NET_ADMIN},
		says: "the policy asks for CAP_NET_ADMIN, which the bounding set of the caller lacks: add it to CapabilityBoundingSet= in the caller's unit, or to the container's capabilities"},
}

func nosuid(m *machine, l *launch) {
	m.must(os.Mkdir("/run/nosuid", 0o755))
	m.must(unix.Mount("tmpfs", "/run/nosuid", "tmpfs", unix.MS_NOSUID, "mode=755"))
	l.Path = m.copied("/run/nosuid/nethelper", 0o755|os.ModeSetuid)
}

// copied makes a copy of the helper.
func (m *machine) copied(path string, mode os.FileMode) string {
	m.Helper()
	text, err := os.ReadFile(m.helper)
	m.must(err)
	m.write(path, string(text), mode)
	return path
}

// However the helper is started, and by which of two users: what it answers, what
// the kernel has before and afterwards, and what is on record are as they should be.
func TestSetuidStarts(t *testing.T) {
	for name, s := range starts {
		t.Run(name, func(t *testing.T) {
			m := install(t, aliceMay)
			l := s.launch
			if s.prepare != nil {
				s.prepare(m, &l)
			}
			for _, who := range []person{alice, bob} {
				l.person = who
				switch {
				case s.fatal:
					m.nothingHappens(func() { m.endsAtOnce(l) })
				case s.says != "" && !(who.UID == bob.UID && l.NoBounding != 0) && !mayRaise(l):
					m.nothingHappens(func() { m.saysWhy(l, s.says) })
				default:
					m.servesAsUsual(l, s.repaired)
				}
			}
		})
	}
}

// mayRaise reports whether root may raise the limits of the launch
// (CAP_SYS_RESOURCE); then the helper does.
func mayRaise(l launch) bool { return l.Limits != nil && mayRaiseLimits() }

func mayRaiseLimits() bool {
	in, err := unix.PrctlRetInt(unix.PR_CAPBSET_READ, unix.CAP_SYS_RESOURCE, 0, 0, 0)
	return err == nil && in == 1
}

// endsAtOnce checks that the helper ends without a word, and not as if it had served.
func (m *machine) endsAtOnce(l launch) {
	m.Helper()
	c := m.spawn(l)
	c.to.Write(m.request(1, "addr.add dev=lo address=10.9.9.9/32")) // it may be gone already
	c.eof()
	if code := c.hangUp(); code == 0 || code == 77 {
		m.Errorf("uid %d: exit code %d", l.UID, code)
	}
}

// saysWhy checks that the helper says why it cannot serve, in all three ways.
func (m *machine) saysWhy(l launch, why string) {
	m.Helper()
	c := m.spawn(l)
	c.to.Write(m.request(1, "addr.add dev=lo address=10.9.9.9/32")) // it may be gone already
	if h := c.hello(); h.Error == nil || h.Error.Code != protocol.Unavailable || h.Error.Message != why {
		m.Errorf("uid %d: %v\nwant %s", l.UID, h.Error, why)
	}
	c.eof()
	if code := c.hangUp(); code != 77 {
		m.Errorf("uid %d: exit code %d, want 77", l.UID, code)
	}
	if want := "nethelper: " + why + "\n"; c.stderr.String() != want {
		m.Errorf("uid %d: stderr %q, want %q", l.UID, c.stderr.String(), want)
	}
}

// servesAsUsual checks that the helper does what alice may, and nothing else for
// anybody, and that the record says so.
func (m *machine) servesAsUsual(l launch, repaired []string) {
	m.Helper()
	before, known := m.state(), len(m.records())
	c := m.spawn(l).greeted()
	profile, want := "none", []string{"start", "deny decide", "deny decide", "end"}
	if l.UID == alice.UID {
		profile, want = "N", []string{"start", "allow decide", "allow done", "deny decide", "end"}
		c.do("addr.add dev=lo address=10.9.9.9/32")
	} else {
		c.refused("addr.add dev=lo address=10.9.9.9/32", protocol.Denied)
	}
	c.refused("addr.add dev=lo address=11.9.9.9/32", protocol.Denied)
	if code := c.hangUp(); code != 0 || c.stderr.String() != "" {
		m.Errorf("uid %d: exit code %d, stderr %q", l.UID, code, c.stderr.String())
	}
	if l.UID == alice.UID {
		if !strings.Contains(m.state(), "10.9.9.9/32") {
			m.Errorf("what was done is not to be seen:\n%s", m.state())
		}
		m.run("ip", "address", "delete", "10.9.9.9/32", "dev", "lo")
	}
	if after := m.state(); after != before {
		m.Errorf("uid %d: got\n%s\nwant\n%s", l.UID, after, before)
	}
	records := m.records()[known:]
	var got []string
	for _, r := range records {
		verdict, _ := r["verdict"].(string)
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s", verdict, r["event"])))
		if who := fmt.Sprintf("%v %v %v", r["uid"], r["gid"], r["helper"]); who != fmt.Sprintf("%d %d %d", l.UID, l.GID, c.cmd.Process.Pid) {
			m.Errorf("a record of somebody else: %v", r)
		}
	}
	if !slices.Equal(got, want) {
		m.Errorf("uid %d: on record are %q, want %q", l.UID, got, want)
	}
	if len(records) > 0 {
		if r := records[0]; r["profile"] != profile || fmt.Sprint(r["repaired"]) != fmt.Sprint(listed(repaired)) {
			m.Errorf("uid %d: profile %v, repaired %v, want %s and %v", l.UID, r["profile"], r["repaired"], profile, repaired)
		}
	}
}

// listed is how a record has a list.
func listed(words []string) any {
	if words == nil {
		return nil
	}
	return words
}
