package test

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// codesPolicy grants what provokes the codes.
const codesPolicy = `
grant uid:0 link.add kind=bridge name=lab*
grant uid:0 link.set dev=lab* mtu=*
grant uid:0 addr.list dev=-,lab*
grant uid:0 addr.add dev=lab* address=10.0.0.0/8
grant uid:0 rule.add,rule.delete family=inet priority=* table=* from=*,-
`

// provoked has, for each code of a reply, what makes the real helper give it. The
// code internal is a defect of the helper; TestDefect of internal/serve makes one.
var provoked = map[protocol.Code]func(l *lab, c *conversation) *protocol.Error{
	protocol.Malformed: func(l *lab, c *conversation) *protocol.Error {
		_, err := c.to.WriteString("\x60")
		c.must(err)
		return c.answer()
	},
	protocol.UnknownOp: func(l *lab, c *conversation) *protocol.Error {
		c.sendRaw("link.destroy", struct{}{})
		return c.answer()
	},
	protocol.Invalid: func(l *lab, c *conversation) *protocol.Error {
		c.sendRaw("link.add", map[string]string{"name": "lab0", "kind": "bridge", "colour": "red"})
		return c.answer()
	},
	protocol.Denied: func(l *lab, c *conversation) *protocol.Error {
		return c.ask("link.add kind=bridge name=eth0").Error
	},
	protocol.NotFound: func(l *lab, c *conversation) *protocol.Error {
		return c.ask("link.set dev=lab0 mtu=1400").Error
	},
	protocol.Exists: func(l *lab, c *conversation) *protocol.Error {
		l.sh("ip link add lab0 type bridge")
		return c.ask("link.add kind=bridge name=lab0").Error
	},
	protocol.Kernel: func(l *lab, c *conversation) *protocol.Error {
		l.sh("ip link add lab0 type bridge")
		return c.ask("link.set dev=lab0 mtu=1").Error
	},
	protocol.Ambiguous: func(l *lab, c *conversation) *protocol.Error {
		l.sh("ip rule add priority 9 from 10.0.0.0/8 iif lo table 7; ip rule add priority 9 from 10.0.0.0/8 table 7")
		return c.ask("rule.delete family=inet priority=9 from=10.0.0.0/8 table=7").Error
	},
	protocol.Inconsistent: inconsistent,
	protocol.Unknown:      lostAnswer,
	protocol.Unrecorded: func(l *lab, c *conversation) *protocol.Error {
		var fs unix.Statfs_t
		c.must(unix.Statfs(filepath.Dir(l.audit), &fs))
		c.must(os.WriteFile(filepath.Join(filepath.Dir(l.audit), "filler"), make([]byte, fs.Bavail*uint64(fs.Bsize)), 0o600))
		// There is still room in the file's last block; a denial is one record.
		for range 100 {
			if e := c.ask("link.add kind=bridge name=eth0").Error; e.Code == protocol.Unrecorded {
				break
			}
		}
		e := c.ask("link.add kind=bridge name=lab0").Error
		if out, err := l.command("ip link show lab0").CombinedOutput(); err == nil {
			l.t.Errorf("it ran without a record: %s", out)
		}
		return e
	},
	protocol.Outdated: func(l *lab, c *conversation) *protocol.Error {
		l.setPolicy(codesPolicy + "audit /elsewhere")
		defer l.setPolicy(codesPolicy)
		return c.ask("netns.list").Error
	},
	protocol.Policy: func(l *lab, c *conversation) *protocol.Error {
		l.setPolicy("grant everything")
		e := c.ask("link.add kind=bridge name=lab0").Error
		l.setPolicy(codesPolicy)
		if after := c.ask("link.add kind=bridge name=lab0").Error; after != nil {
			l.t.Errorf("once the policy is good again: %v", after)
		}
		return e
	},
}

// TestCodes makes the real helper give every code, and takes it back to work
// afterwards where the protocol says that the session goes on.
func TestCodes(t *testing.T) {
	for _, code := range protocol.Codes {
		provoke := provoked[code]
		if provoke == nil {
			if code != protocol.Internal && code != protocol.Unavailable {
				t.Errorf("nothing provokes %s", code)
			}
			continue
		}
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			l := newLab(t, codesPolicy)
			l.audit = auditOnSmallDisk(t)
			c := l.start().greeted()
			e := provoke(l, c)
			if e == nil || e.Code != code {
				t.Fatalf("got %v, want %s", e, code)
			}
			switch code {
			case protocol.Malformed:
				c.eof()
			case protocol.Unrecorded:
			default:
				if r := c.ask("addr.list"); r.Error != nil {
					t.Errorf("afterwards: %v", r.Error)
				}
			}
		})
	}
	t.Run(string(protocol.Unavailable), func(t *testing.T) {
		l := newLab(t, "grant everything")
		c := l.start()
		if h := c.hello(); h.Error == nil || h.Error.Code != protocol.Unavailable {
			t.Errorf("a policy with an error: %+v", h)
		}
		c.eof()
	})
}

// auditOnSmallDisk returns a path on a file system that is quickly full.
func auditOnSmallDisk(t *testing.T) string {
	t.Helper()
	const dir = "/run/small"
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "mode=755,size=64k"); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "audit")
}

// inconsistent changes a list while the helper is held up in the middle of it: it
// cannot go on writing before the caller reads.
func inconsistent(l *lab, c *conversation) *protocol.Error {
	var batch strings.Builder
	fmt.Fprintln(&batch, "link add lab0 type bridge")
	for i := range 4000 {
		fmt.Fprintf(&batch, "address add 10.7.%d.%d/32 dev lab0\n", i/250, i%250+1)
	}
	c.must(os.WriteFile(filepath.Join(l.work, "batch"), []byte(batch.String()), 0o600))
	l.sh("ip -batch batch")
	c.send("addr.list dev=lab0")
	waitForFullPipe(c)
	l.sh("ip address delete 10.7.0.1/32 dev lab0; ip address add 10.7.99.1/32 dev lab0")
	return c.answer()
}

// waitForFullPipe waits until the helper has written as much as the pipe holds.
func waitForFullPipe(c *conversation) {
	c.Helper()
	for before := -1; ; time.Sleep(20 * time.Millisecond) {
		now, err := unix.IoctlGetInt(int(c.from.Fd()), unix.TIOCINQ)
		c.must(err)
		if now > 0 && now == before {
			return
		}
		before = now
	}
}

// lostAnswer fills the receive buffer of the helper's netlink socket, through a
// duplicate of it, so that there is no room for the kernel's acknowledgement.
func lostAnswer(l *lab, c *conversation) *protocol.Error {
	l.sh("ip link add lab0 type bridge")
	// The helper knows the link then, and has nothing to read before it acts.
	if e := c.ask("addr.add dev=lab0 address=10.0.0.1/24").Error; e != nil {
		return e
	}
	socket := netlinkSocket(c)
	defer unix.Close(socket)
	c.must(unix.SetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_RCVBUF, 1))
	refused := binary.NativeEndian.AppendUint32(nil, unix.SizeofNlMsghdr)
	refused = binary.NativeEndian.AppendUint16(refused, math.MaxUint16)
	refused = binary.NativeEndian.AppendUint16(refused, unix.NLM_F_REQUEST)
	refused = append(refused, make([]byte, 8)...)
	for range 100 {
		_, err := unix.Write(socket, refused)
		c.must(err)
	}
	e := c.ask("addr.add dev=lab0 address=10.0.0.2/24").Error
	if out := l.sh("ip address show lab0"); !strings.Contains(out, "10.0.0.2/24") {
		l.t.Errorf("unknown, and in truth not done: %s", out)
	}
	return e
}

// netlinkSocket duplicates the rtnetlink socket of the helper.
func netlinkSocket(c *conversation) int {
	c.Helper()
	process, err := unix.PidfdOpen(c.cmd.Process.Pid, 0)
	c.must(err)
	defer unix.Close(process)
	for fd := range 32 {
		got, err := unix.PidfdGetfd(process, fd, 0)
		if errors.Is(err, unix.EBADF) {
			continue
		}
		c.must(err)
		if family, err := unix.GetsockoptInt(got, unix.SOL_SOCKET, unix.SO_DOMAIN); err == nil && family == unix.AF_NETLINK {
			return got
		}
		c.must(unix.Close(got))
	}
	c.Fatal("the helper has no rtnetlink socket")
	return -1
}

// answer reads the replies to the last request and returns the error of the last.
func (c *conversation) answer() *protocol.Error {
	c.Helper()
	for {
		var r protocol.Reply
		if c.read(&r); !r.More {
			return r.Error
		}
	}
}
