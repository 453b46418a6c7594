package test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"nethelper/pkg/attr"
	"nethelper/pkg/ops"
	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// The users of the machine that the tests imagine. All but root may execute the
// helper; nobody but the helper is its own user.
var (
	helperUser = person{UID: 60999, GID: 60999}
	alice      = person{UID: 61001, GID: 61001, Groups: []int{60999, 61100}}
	bob        = person{UID: 61002, GID: 61002, Groups: []int{60999}}
	carol      = person{UID: 61003, GID: 61003, Groups: []int{60999}}
	dave       = person{UID: 61004, GID: 61004, Groups: []int{60999}}
)

type person struct {
	UID, GID int
	Groups   []int
}

const (
	passwd = "root:x:0:0::/root:/bin/sh\n" +
		"nethelper:x:60999:60999::/nonexistent:/usr/sbin/nologin\n" +
		"alice:x:61001:61001::/nonexistent:/bin/sh\n" +
		"bob:x:61002:61002::/nonexistent:/bin/sh\n" +
		"carol:x:61003:61003::/nonexistent:/bin/sh\n" +
		"dave:x:61004:61004::/nonexistent:/bin/sh\n"
	group = "root:x:0:\nnethelper:x:60999:alice,bob,carol,dave\n" +
		"alice:x:61001:\nbob:x:61002:\ncarol:x:61003:\ndave:x:61004:\nnetusers:x:61100:alice\n"
)

// A machine has the helper installed, in mount and network namespaces of the
// test's own.
type machine struct {
	*testing.T
	helper string // where it is installed
	apart  bool   // helpers write other audit files than the installed one
}

const auditFile = "/var/log/nethelper/audit.log"

// install makes a machine with the given policy. The test's goroutine, and every
// process it starts, is in the machine.
func install(t *testing.T, policy string) *machine {
	t.Helper()
	if root, err := condition("root"); err != nil || !root {
		t.Skip("needs root of the machine, to act as several users")
	}
	runtime.LockOSThread() // and never unlocked: the thread ends with the test
	m := &machine{T: t, helper: "/run/libexec/nethelper"}
	m.must(unix.Unshare(unix.CLONE_NEWNS | unix.CLONE_NEWNET))
	m.must(unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""))
	for _, dir := range []string{"/etc", "/var/log", "/run"} {
		m.must(unix.Mount("tmpfs", dir, "tmpfs", 0, "mode=755"))
	}
	for _, dir := range []string{"/etc/nethelper/policy.d", "/var/log/nethelper", "/run/libexec", "/run/netns"} {
		m.must(os.MkdirAll(dir, 0o755))
	}
	m.write("/etc/passwd", passwd, 0o644)
	m.write("/etc/group", group, 0o644)
	m.must(unix.Mount("/run/netns", "/run/netns", "", unix.MS_BIND, ""))
	m.must(unix.Mount("", "/run/netns", "", unix.MS_SHARED, ""))

	m.installHelper(filepath.Join(os.Getenv(binEnv), "nethelper"))
	m.setPolicy(policy)
	t.Cleanup(m.accounted)
	return m
}

// accounted checks what holds whatever a test tries: of each address that is on lo
// there is a record by which grant it came there, and none is there that no grant
// covers. The policies of these tests grant those of 10.0.0.0/8.
func (m *machine) accounted() {
	if m.apart {
		return
	}
	log := m.audit()
	for line := range strings.Lines(m.run("ip", "-oneline", "-4", "address", "show", "dev", "lo")) {
		fields := strings.Fields(line)
		if i := slices.Index(fields, "inet"); i >= 0 && i+1 < len(fields) && !strings.HasPrefix(fields[i+1], "127.") {
			address := fields[i+1]
			if !strings.HasPrefix(address, "10.") || !regexp.MustCompile(`"verdict":"allow","event":"done".*address=`+regexp.QuoteMeta(address)+`[" ]`).MatchString(log) {
				m.Errorf("%s is there, and not on record as what a grant covers:\n%s", address, log)
			}
		}
	}
}

// nothingHappens checks that the kernel and the audit log are as they were, once
// something has been tried.
func (m *machine) nothingHappens(try func()) {
	m.Helper()
	state, log := m.state(), m.audit()
	try()
	if after := m.state(); after != state {
		m.Errorf("got\n%s\nwant\n%s", after, state)
	}
	if after := m.audit(); after != log {
		m.Errorf("on record is\n%s\nwant\n%s", after, log)
	}
}

// installHelper installs the helper that is at path.
func (m *machine) installHelper(path string) {
	m.Helper()
	binary, err := os.ReadFile(path)
	m.must(err)
	m.write(m.helper, string(binary), 0o755)
	m.must(os.Chown(m.helper, 0, helperUser.GID))
	m.must(os.Chmod(m.helper, 0o750|os.ModeSetuid))
}

// must ends the test where the machine cannot be made or used.
func (m *machine) must(err error) {
	m.Helper()
	if err != nil {
		m.Fatal(err)
	}
}

func (m *machine) write(path, text string, mode os.FileMode) {
	m.Helper()
	m.must(os.WriteFile(path, []byte(text), mode))
	m.must(os.Chmod(path, mode))
}

// setPolicy replaces the policy as an operator should: at once.
func (m *machine) setPolicy(text string) {
	m.Helper()
	m.write("/etc/nethelper/policy.new", text, 0o640)
	m.must(os.Chown("/etc/nethelper/policy.new", 0, helperUser.GID))
	m.must(os.Rename("/etc/nethelper/policy.new", "/etc/nethelper/policy"))
}

// run runs a command as root and returns what it prints.
func (m *machine) run(name string, args ...string) string {
	m.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		m.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// audit returns the audit log.
func (m *machine) audit() string {
	m.Helper()
	text, err := os.ReadFile(auditFile)
	if !errors.Is(err, os.ErrNotExist) {
		m.must(err)
	}
	return string(text)
}

// A conversation is one helper as its caller sees it.
type conversation struct {
	*machine
	cmd    *exec.Cmd
	to     *os.File
	from   *os.File
	stderr bytes.Buffer
	id     uint64
}

// spawn starts the helper as a caller would, under the conditions of the launch.
func (m *machine) spawn(l launch) *conversation {
	m.Helper()
	return m.spawnWith(l, func(*exec.Cmd) {})
}

// onTerminal is spawn, but the helper has a controlling terminal.
func (m *machine) onTerminal(l launch) (terminal *os.File, c *conversation) {
	m.Helper()
	terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	m.must(err)
	m.must(unix.IoctlSetPointerInt(int(terminal.Fd()), unix.TIOCSPTLCK, 0))
	fd, _, errno := unix.Syscall(unix.SYS_IOCTL, terminal.Fd(), unix.TIOCGPTPEER, unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC)
	if errno != 0 {
		m.Fatal(errno)
	}
	inner := os.NewFile(fd, "terminal")
	defer inner.Close()
	return terminal, m.spawnWith(l, func(cmd *exec.Cmd) {
		cmd.ExtraFiles = []*os.File{inner}
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 3}
	})
}

// spawnWith is spawn with something more to say about the process.
func (m *machine) spawnWith(l launch, prepare func(*exec.Cmd)) *conversation {
	m.Helper()
	in, to, err := os.Pipe()
	m.must(err)
	from, out, err := os.Pipe()
	m.must(err)
	c := &conversation{machine: m, to: to, from: from}
	if l.Path == "" {
		l.Path = m.helper
	}
	c.cmd = l.command()
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = in, out, &c.stderr
	prepare(c.cmd)
	m.must(c.cmd.Start())
	in.Close()
	out.Close()
	m.Cleanup(func() { c.hangUp() })
	m.must(from.SetReadDeadline(time.Now().Add(20 * time.Second)))
	return c
}

// hangUp closes the caller's ends and returns the exit code, or -1 for a signal.
func (c *conversation) hangUp() int {
	c.to.Close()
	c.from.Close()
	if c.cmd.ProcessState == nil {
		var exit *exec.ExitError
		if err := c.cmd.Wait(); err != nil && !errors.As(err, &exit) {
			c.Error(err)
		}
	}
	return c.cmd.ProcessState.ExitCode()
}

// read reads one message of the helper's.
func (c *conversation) read(v any) {
	c.Helper()
	message, err := protocol.Read(c.from, protocol.MaxReply)
	if err != nil {
		c.hangUp()
		c.Fatalf("no message from the helper: %v, %v\n%s", err, c.cmd.ProcessState, c.stderr.String())
	}
	c.must(protocol.Unmarshal(message, v))
}

func (c *conversation) hello() (h protocol.Hello) {
	c.Helper()
	c.read(&h)
	return h
}

// greeted reads a hello that has no error in it.
func (c *conversation) greeted() *conversation {
	c.Helper()
	if h := c.hello(); h.Error != nil {
		c.Fatalf("the helper cannot serve: %v", h.Error)
	}
	return c
}

// request returns the frame of a request in the one spelling.
func (m *machine) request(id uint64, call string) []byte {
	m.Helper()
	name, words, _ := strings.Cut(call, " ")
	op := ops.Lookup(name)
	if op == nil {
		m.Fatalf("no operation %q", name)
	}
	params := op.NewParams()
	for word := range strings.FieldsSeq(words) {
		key, text, _ := strings.Cut(word, "=")
		m.must(attr.Set(op.Attrs(), params, key, text))
	}
	return m.rawRequest(id, name, params)
}

// rawRequest returns the frame of a request of any kind.
func (m *machine) rawRequest(id uint64, op string, params any) []byte {
	m.Helper()
	encoded, err := protocol.Marshal(params)
	m.must(err)
	message, err := protocol.Marshal(protocol.Request{ID: id, Op: op, Params: encoded})
	m.must(err)
	var frame bytes.Buffer
	m.must(protocol.Write(&frame, message))
	return frame.Bytes()
}

// send sends a request in the one spelling, and sendRaw one of any kind.
func (c *conversation) send(call string) {
	c.Helper()
	c.id++
	_, err := c.to.Write(c.request(c.id, call))
	c.must(err)
}

func (c *conversation) sendRaw(op string, params any) {
	c.Helper()
	c.id++
	_, err := c.to.Write(c.rawRequest(c.id, op, params))
	c.must(err)
}

// ask sends a request in the one spelling and returns the replies, of which all
// but the last have More set.
func (c *conversation) ask(call string) protocol.Reply {
	c.Helper()
	c.send(call)
	var r protocol.Reply
	for c.read(&r); r.More; c.read(&r) {
		r = protocol.Reply{}
	}
	if r.ID != c.id {
		c.Fatalf("a reply to request %d, want %d", r.ID, c.id)
	}
	return r
}

// do sends a request that is to be done.
func (c *conversation) do(call string) {
	c.Helper()
	if r := c.ask(call); r.Error != nil {
		c.Fatalf("%s: %v", call, r.Error)
	}
}

// refused sends a request that is not to be done, with the code.
func (c *conversation) refused(call string, code protocol.Code) *protocol.Error {
	c.Helper()
	r := c.ask(call)
	if r.Error == nil || r.Error.Code != code {
		c.Fatalf("%s: %v, want %s", call, r.Error, code)
	}
	return r.Error
}

// status returns what is the same in the status of all threads of the helper
// under the given names (proc_pid_status(5)), and fails if it is not. A thread that
// is being made has all signals blocked for a moment.
func (c *conversation) status(names ...string) string {
	c.Helper()
	var found []string
	for range 50 {
		if found = c.statuses(names...); len(found) == 1 {
			return found[0]
		}
		time.Sleep(10 * time.Millisecond)
	}
	c.Fatalf("threads differ: %v", found)
	return ""
}

// statuses returns the different ones.
func (c *conversation) statuses(names ...string) (different []string) {
	c.Helper()
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", c.cmd.Process.Pid))
	c.must(err)
	for _, task := range tasks {
		text, err := os.ReadFile(task)
		c.must(err)
		var lines []string
		for line := range strings.Lines(string(text)) {
			name, value, _ := strings.Cut(line, ":")
			if slices.Contains(names, name) {
				lines = append(lines, name+" "+strings.Join(strings.Fields(value), " "))
			}
		}
		if all := strings.Join(lines, "\n"); !slices.Contains(different, all) {
			different = append(different, all)
		}
	}
	return different
}

// hidden reports whether the helper is closed to its own user: then its files in
// /proc belong to root (PR_SET_DUMPABLE, prctl(2)).
func (c *conversation) hidden() bool {
	c.Helper()
	var st unix.Stat_t
	c.must(unix.Stat(fmt.Sprintf("/proc/%d/environ", c.cmd.Process.Pid), &st))
	return st.Uid == 0 && st.Gid == 0
}

// eof reads until the helper has closed its end.
func (c *conversation) eof() {
	c.Helper()
	if rest, err := io.ReadAll(c.from); err != nil || len(rest) > 0 {
		c.Fatalf("%d bytes more, and %v", len(rest), err)
	}
}
