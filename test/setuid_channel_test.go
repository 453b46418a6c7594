package test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// opened are files that are no channel. A file that root has opened stands for
// those of the caller's that act on what is written to them.
var opened = map[string]func(m *machine) *os.File{
	"a directory":       func(m *machine) *os.File { return m.open("/run", os.O_RDONLY) },
	"a regular file":    func(m *machine) *os.File { return m.open("/run/file", os.O_RDWR|os.O_CREATE) },
	"a file of proc":    func(m *machine) *os.File { return m.open("/proc/sys/net/ipv4/ip_default_ttl", os.O_RDWR) },
	"an attribute":      func(m *machine) *os.File { return m.open("/proc/self/oom_score_adj", os.O_RDWR) },
	"a device":          func(m *machine) *os.File { return m.open("/dev/full", os.O_RDWR) },
	"a terminal":        func(m *machine) *os.File { return m.open("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY) },
	"a netlink socket":  func(m *machine) *os.File { return m.socket(unix.AF_NETLINK, unix.SOCK_RAW) },
	"a TCP socket":      func(m *machine) *os.File { return m.socket(unix.AF_INET, unix.SOCK_STREAM) },
	"a datagram socket": func(m *machine) *os.File { return m.socket(unix.AF_UNIX, unix.SOCK_DGRAM) },
}

func (m *machine) open(path string, flags int) *os.File {
	m.Helper()
	f, err := os.OpenFile(path, flags, 0o600)
	m.must(err)
	m.Cleanup(func() { f.Close() })
	return f
}

func (m *machine) socket(family, kind int) *os.File {
	m.Helper()
	fd, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC, 0)
	m.must(err)
	f := os.NewFile(uintptr(fd), "socket")
	m.Cleanup(func() { f.Close() })
	return f
}

// What is no pipe and no Unix stream socket is no channel: nothing is read from it
// and nothing is written to it.
func TestSetuidChannel(t *testing.T) {
	m := install(t, aliceMay)
	for what, open := range opened {
		for i, name := range []string{"stdin", "stdout"} {
			file := open(m)
			in, out := m.pipe()
			files := []*os.File{in, out}
			files[i] = file
			cmd := launch{person: alice, Path: m.helper}.command()
			var stderr strings.Builder
			cmd.Stdin, cmd.Stdout, cmd.Stderr = files[0], files[1], &stderr
			m.nothingHappens(func() { cmd.Run() }) // how it ends is looked at below
			want := "nethelper: " + name + " is neither a pipe nor a Unix stream socket: let the caller start the helper\n"
			if what == "a terminal" {
				want = "nethelper: " + name + " is a terminal, but the helper speaks CBOR: to debug by hand, " +
					"run `nethelperctl encode OP ATTR=VALUE... | nethelper | nethelperctl decode`\n"
			}
			if code := cmd.ProcessState.ExitCode(); code != 77 || stderr.String() != want {
				t.Errorf("%s as %s: exit code %d, stderr %q", what, name, code, stderr.String())
			}
		}
	}
	if st, err := os.Stat("/run/file"); err != nil || st.Size() != 0 {
		t.Errorf("something was written: %v, %v", st, err)
	}
}

// pipe returns a pipe of which nobody uses the other end.
func (m *machine) pipe() (in, out *os.File) {
	m.Helper()
	in, out, err := os.Pipe()
	m.must(err)
	m.Cleanup(func() { in.Close(); out.Close() })
	return in, out
}

// A standard error that acts on what is written to it is not written to.
func TestSetuidStderr(t *testing.T) {
	m := install(t, aliceMay)
	replaced := map[string]bool{
		"a regular file": false, "a terminal": false, "a file of proc": true, "an attribute": true, "a device": true,
		"a directory": true, "a netlink socket": true, "a TCP socket": true, "a datagram socket": false,
	}
	for what, open := range opened {
		file := open(m)
		c := m.spawnWith(launch{person: alice}, func(cmd *exec.Cmd) { cmd.Stderr = file })
		c.greeted()
		link := fmt.Sprintf("/proc/%d/fd/2", c.cmd.Process.Pid)
		to, err := os.Readlink(link)
		m.must(err)
		if (to == "/dev/null") != replaced[what] {
			t.Errorf("%s as stderr is %s in the helper", what, to)
		}
		c.hangUp()
	}
}

// A Unix stream socket is as good as two pipes.
func TestSetuidSocket(t *testing.T) {
	m := install(t, aliceMay)
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	m.must(err)
	ours, theirs := os.NewFile(uintptr(pair[0]), "socket"), os.NewFile(uintptr(pair[1]), "socket")
	defer ours.Close()
	conn, err := net.FileConn(ours)
	m.must(err)
	defer conn.Close()
	cmd := launch{person: alice, Path: m.helper}.command()
	cmd.Stdin, cmd.Stdout = theirs, theirs
	m.must(cmd.Start())
	theirs.Close()
	read := func(v any) {
		t.Helper()
		message, err := protocol.Read(conn, protocol.MaxReply)
		m.must(err)
		m.must(protocol.Unmarshal(message, v))
	}
	var h protocol.Hello
	if read(&h); h.Error != nil || h.Profile != "N" {
		t.Errorf("profile %q, %v", h.Profile, h.Error)
	}
	_, err = conn.Write(m.request(1, "addr.add dev=lo address=10.9.9.9/32"))
	m.must(err)
	var r protocol.Reply
	if read(&r); r.ID != 1 || r.Error != nil {
		t.Errorf("reply %+v", r)
	}
	m.must(conn.Close())
	m.must(ours.Close())
	m.must(cmd.Wait())
	m.shows(m.run("ip", "-brief", "address", "show", "dev", "lo"), "10.9.9.9/32")
}
