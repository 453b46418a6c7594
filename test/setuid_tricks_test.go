package test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// What lies under a name in /run/netns and is no network namespace of the
// machine's own is neither entered nor deleted, is left as it is, and is recorded.
func TestSetuidNamespaceTricks(t *testing.T) {
	const trick = "/run/netns/trick"
	empty := func(m *machine) { m.write(trick, "", 0o444) }
	bind := func(m *machine, from string) {
		empty(m)
		m.must(unix.Mount(from, trick, "", unix.MS_BIND, ""))
	}
	for _, test := range []struct {
		what string
		make func(m *machine)
	}{
		{"a file with something in it", func(m *machine) { m.write(trick, "precious", 0o644) }},
		{"a FIFO", func(m *machine) { m.must(unix.Mkfifo(trick, 0o666)) }},
		{"a link to a namespace beside it", func(m *machine) { m.must(os.Symlink("red", trick)) }},
		{"a link to the helper's own namespace", func(m *machine) { m.must(os.Symlink("/proc/self/ns/net", trick)) }},
		{"a directory", func(m *machine) { m.must(os.Mkdir(trick, 0o755)) }},
		{"a namespace of another kind", func(m *machine) { bind(m, "/proc/self/ns/uts") }},
		{"a file of the machine, mounted", func(m *machine) { bind(m, "/etc/passwd") }},
		{"a file of the machine, mounted over a namespace", func(m *machine) {
			bind(m, "/run/netns/red")
			m.must(unix.Mount("", trick, "", unix.MS_PRIVATE, "")) // or it is mounted over red as well
			m.must(unix.Mount("/etc/passwd", trick, "", unix.MS_BIND, ""))
		}},
		{"a namespace of a user's own", func(m *machine) { m.foreign(trick) }},
	} {
		t.Run(test.what, func(t *testing.T) {
			m := install(t, "grant user:carol addr.add netns=* dev=lo address=10.0.0.0/8\ngrant user:dave netns.delete name=*\n")
			m.run("ip", "netns", "add", "red")
			test.make(m)
			look := func() string {
				return m.run("ls", "-li", "/run/netns") + m.run("cat", "/proc/thread-self/mountinfo") + m.run("cat", "/etc/passwd") +
					m.run("ip", "address") + m.run("ip", "-n", "red", "address")
			}
			before := look()
			for who, call := range map[*person]string{
				&carol: "addr.add netns=trick dev=lo address=10.9.9.9/32", &dave: "netns.delete name=trick",
			} {
				c := m.spawn(launch{person: *who}).greeted()
				r := c.ask(call)
				if r.Error == nil || r.Error.Code != protocol.Kernel && r.Error.Code != protocol.NotFound {
					t.Errorf("%s: %v", call, r.Error)
				}
				if code := c.hangUp(); code != 0 {
					t.Errorf("%s: exit code %d", call, code)
				}
				if want := fmt.Sprintf(`"uid":%d,"gid":%d,`, who.UID, who.GID); !recordsFailure(m.audit(), want, call) {
					t.Errorf("%s is not recorded as failed:\n%s", call, m.audit())
				}
			}
			if after := look(); after != before {
				t.Errorf("got\n%s\nwant\n%s", after, before)
			}
		})
	}
}

// recordsFailure reports whether a call was let through and done with an error.
func recordsFailure(log, who, call string) bool {
	for line := range strings.Lines(log) {
		if strings.HasPrefix(line, `{"verdict":"error","event":"done"`) && strings.Contains(line, who) && strings.Contains(line, `"call":"`+call+`"`) {
			return true
		}
	}
	return false
}

// foreign mounts the network namespace of a process that bob runs in a user
// namespace of its own on path, as ip-netns(8) does for root with attach.
func (m *machine) foreign(path string) {
	m.Helper()
	cmd := exec.Command("sleep", "60")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: bob.UID, Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: bob.GID, Size: 1}},
	}
	m.must(cmd.Start())
	m.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	m.write(path, "", 0o444)
	m.must(unix.Mount(fmt.Sprintf("/proc/%d/ns/net", cmd.Process.Pid), path, "", unix.MS_BIND, ""))
}

// A name that was mounted more than once goes as a whole, and only it.
func TestSetuidStackedNamespace(t *testing.T) {
	m := install(t, "grant user:dave netns.delete name=red\n")
	m.run("ip", "netns", "add", "red")
	m.run("ip", "netns", "add", "blue")
	m.must(unix.Mount("/run/netns/blue", "/run/netns/red", "", unix.MS_BIND, ""))
	c := m.spawn(launch{person: dave}).greeted()
	c.do("netns.delete name=red")
	c.refused("netns.delete name=blue", protocol.Denied)
	if left := m.run("ls", "/run/netns"); left != "blue\n" {
		t.Errorf("left are %q", left)
	}
	m.run("ip", "-n", "blue", "link")
	m.shows(m.audit(), `{"verdict":"allow","event":"done"`, `"call":"netns.delete name=red"`, `{"verdict":"deny","event":"decide"`)
}

// What is no name of a namespace is refused before anything is looked up, whatever it
// would lead to, and is on record.
func TestSetuidNamespaceNames(t *testing.T) {
	m := install(t, "grant user:dave netns.create,netns.delete name=*\ngrant user:dave addr.add netns=* dev=lo address=10.0.0.0/8\n")
	m.run("ip", "netns", "add", "red")
	m.write("/run/precious", "", 0o644)
	look := func() string { return m.state() + m.run("ls", "-lR", "/run") }
	c := m.spawn(launch{person: dave}).greeted()
	before, known := look(), len(m.records())
	names := []string{
		"", "..", "../netns/red", "../precious", "/run/netns/red", "red/", "red/../red", "./red", "-red", "red\n", "red\x00", "r\u00e9d",
		"red red", strings.Repeat("r", 256), "~root", "$(id)", "%d",
	}
	for _, name := range names {
		for op, params := range map[string]any{
			"netns.create": map[string]any{"name": name}, "netns.delete": map[string]any{"name": name},
			"addr.add": map[string]any{"dev": "lo", "netns": name, "address": []byte{10, 9, 9, 9, 32}},
		} {
			c.sendRaw(op, params)
			var r protocol.Reply
			c.read(&r)
			if r.Error == nil || r.Error.Code != protocol.Invalid {
				t.Errorf("%s of %q: %+v", op, name, r.Error)
			}
		}
	}
	if after := look(); after != before {
		t.Errorf("got\n%s\nwant\n%s", after, before)
	}
	records := m.records()[known:]
	if len(records) != 3*len(names) {
		t.Errorf("%d records, want %d", len(records), 3*len(names))
	}
	for _, r := range records {
		if r["verdict"] != "error" || r["event"] != "decide" || r["code"] != "invalid" {
			t.Errorf("recorded as %v", r)
		}
	}
}
