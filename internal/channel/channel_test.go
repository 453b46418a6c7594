package channel

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// A peer is the caller's end of a channel.
type peer struct{ to, from int }

// pipes returns a channel of two pipes.
func pipes(t *testing.T) (*Channel, peer) {
	t.Helper()
	in, out := pipe(t), pipe(t)
	c, err := New(in[0], out[1])
	if err != nil {
		t.Fatal(err)
	}
	return c, peer{to: in[1], from: out[0]}
}

func pipe(t *testing.T) [2]int {
	t.Helper()
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(p[0]); unix.Close(p[1]) })
	return p
}

// socket returns a channel of one socket that is both ends' in and out.
func socket(t *testing.T) (*Channel, peer) {
	t.Helper()
	p, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(p[0]); unix.Close(p[1]) })
	c, err := New(p[0], p[0])
	if err != nil {
		t.Fatal(err)
	}
	return c, peer{to: p[1], from: p[1]}
}

var kinds = map[string]func(*testing.T) (*Channel, peer){"pipes": pipes, "socket": socket}

func send(t *testing.T, fd int, b []byte) {
	t.Helper()
	if _, err := unix.Write(fd, b); err != nil {
		t.Error(err)
	}
}

// What is written frame by frame is read message by message, up to the limits.
func TestMessages(t *testing.T) {
	for kind, open := range kinds {
		t.Run(kind, func(t *testing.T) {
			c, peer := open(t)
			messages := [][]byte{{0xf6}, bytes.Repeat([]byte{7}, protocol.MaxRequest), bytes.Repeat([]byte{8}, 300)}
			go func() {
				file := os.NewFile(uintptr(dup(t, peer.to)), "peer")
				defer file.Close()
				for _, m := range messages {
					if err := protocol.Write(file, m); err != nil {
						t.Error(err)
					}
				}
			}()
			for i, want := range messages {
				ready, err := c.Wait(time.Minute)
				if err != nil || !ready {
					t.Fatalf("wait: %v, %v", ready, err)
				}
				got, err := c.Read()
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(got, want) {
					t.Errorf("message %d: %d bytes, want %d", i, len(got), len(want))
				}
			}

			done := make(chan error)
			reply := bytes.Repeat([]byte{9}, protocol.MaxReply)
			go func() { done <- c.Write(protocol.AppendFrame(nil, reply)) }()
			file := os.NewFile(uintptr(dup(t, peer.from)), "peer")
			defer file.Close()
			got, err := protocol.Read(file, protocol.MaxReply)
			if err != nil || !bytes.Equal(got, reply) {
				t.Errorf("the peer read %d bytes (%v), want %d", len(got), err, len(reply))
			}
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}

func dup(t *testing.T, fd int) int {
	t.Helper()
	fd, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	return fd
}

// The peer shares the descriptors' flags and may flip them at any time.
func TestNonblocking(t *testing.T) {
	for kind, open := range kinds {
		t.Run(kind, func(t *testing.T) {
			c, peer := open(t)
			for _, fd := range []int{c.in, c.out} {
				if err := unix.SetNonblock(fd, true); err != nil {
					t.Fatal(err)
				}
			}
			go func() {
				for _, b := range []byte{0x42, 1, 2} {
					time.Sleep(20 * time.Millisecond)
					send(t, peer.to, []byte{b})
				}
			}()
			got, err := c.Read()
			if err != nil || !bytes.Equal(got, []byte{1, 2}) {
				t.Errorf("read %x, %v", got, err)
			}
		})
	}
}

func TestWait(t *testing.T) {
	c, peer := pipes(t)
	if ready, err := c.Wait(10 * time.Millisecond); ready || err != nil {
		t.Errorf("nothing there: %v, %v", ready, err)
	}
	send(t, peer.to, []byte{0x41, 1, 0x41, 2})
	for range 2 {
		if ready, err := c.Wait(Forever); !ready || err != nil {
			t.Errorf("a message there: %v, %v", ready, err)
		}
		if _, err := c.Read(); err != nil {
			t.Error(err)
		}
	}
	if ready, err := c.Wait(10 * time.Millisecond); ready || err != nil {
		t.Errorf("nothing left: %v, %v", ready, err)
	}
}

// A peer that closes its writing end has ended the session.
func TestEOF(t *testing.T) {
	c, peer := pipes(t)
	unix.Close(peer.to)
	if ready, err := c.Wait(Forever); !ready || err != nil {
		t.Errorf("wait: %v, %v", ready, err)
	}
	if _, err := c.Read(); !errors.Is(err, io.EOF) {
		t.Errorf("read: %v, want EOF", err)
	}
}

// A peer that no longer reads has hung up, even if it could still write.
func TestHungUp(t *testing.T) {
	t.Run("pipes", func(t *testing.T) {
		c, peer := pipes(t)
		unix.Close(peer.from)
		if _, err := c.Wait(Forever); !errors.Is(err, ErrHungUp) {
			t.Errorf("wait: %v", err)
		}
		if err := c.Write([]byte{0x41, 1}); !errors.Is(err, ErrHungUp) {
			t.Errorf("write: %v", err)
		}
	})
	t.Run("socket", func(t *testing.T) {
		c, peer := socket(t)
		unix.Close(peer.from)
		if _, err := c.Wait(Forever); !errors.Is(err, ErrHungUp) {
			t.Errorf("wait: %v", err)
		}
		if err := c.Write([]byte{0x41, 1}); !errors.Is(err, ErrHungUp) {
			t.Errorf("write: %v", err)
		}
	})
}

// A peer that stalls is waited for so long and no longer, though the descriptors
// would block.
func TestStalled(t *testing.T) {
	for kind, open := range kinds {
		t.Run(kind, func(t *testing.T) {
			c, peer := open(t)
			c.Limit(50*time.Millisecond, 50*time.Millisecond)
			stop := make(chan struct{})
			go func() { // one byte now and then does not extend the deadline
				send(t, peer.to, []byte{0x59, 0xff, 0xff})
				for {
					select {
					case <-stop:
						return
					case <-time.After(5 * time.Millisecond):
						send(t, peer.to, []byte{0})
					}
				}
			}()
			if _, err := c.Read(); !errors.Is(err, ErrStalled) {
				t.Errorf("read: %v", err)
			}
			close(stop)
			var err error
			for range 1000 {
				if err = c.Write(protocol.AppendFrame(nil, make([]byte, protocol.MaxReply))); err != nil {
					break
				}
			}
			if !errors.Is(err, ErrStalled) {
				t.Errorf("write: %v", err)
			}
			// What followed would stand in the midst of a frame.
			if _, err := unix.Read(peer.from, make([]byte, 1<<20)); err != nil {
				t.Fatal(err)
			}
			if err := c.Write([]byte{0x40}); !errors.Is(err, ErrStalled) {
				t.Errorf("write behind it: %v", err)
			}
		})
	}
}

func TestTruncated(t *testing.T) {
	c, peer := pipes(t)
	send(t, peer.to, []byte{0x42, 1})
	unix.Close(peer.to)
	var frame *protocol.FrameError
	if _, err := c.Read(); !errors.As(err, &frame) {
		t.Errorf("read: %v", err)
	}
}

// What is neither a pipe nor a Unix stream socket is no channel.
func TestCheck(t *testing.T) {
	const kind = "stdin is neither a pipe nor a Unix stream socket: let the caller start the helper"
	tests := []struct {
		name string
		open func() (int, error)
		want string
	}{
		{"regular file", func() (int, error) {
			return unix.Open(filepath.Join(t.TempDir(), "file"), unix.O_RDWR|unix.O_CREAT, 0o600)
		}, kind},
		{"directory", func() (int, error) { return unix.Open("/", unix.O_RDONLY, 0) }, kind},
		{"/dev/null", func() (int, error) { return unix.Open("/dev/null", unix.O_RDWR, 0) }, kind},
		{"terminal", func() (int, error) { return unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY, 0) },
			"stdin is a terminal, but the helper speaks CBOR: to debug by hand, run `nethelperctl encode OP ATTR=VALUE... | nethelper | nethelperctl decode`"},
		{"datagram socket", func() (int, error) { return unix.Socket(unix.AF_UNIX, unix.SOCK_DGRAM, 0) }, kind},
		{"packet socket", func() (int, error) { return unix.Socket(unix.AF_UNIX, unix.SOCK_SEQPACKET, 0) }, kind},
		{"TCP socket", func() (int, error) { return unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0) }, kind},
		{"netlink socket", func() (int, error) { return unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW, 0) }, kind},
		{"writing end", func() (int, error) { return dup(t, pipe(t)[1]), nil }, "stdin is open for the wrong direction"},
		{"path", func() (int, error) {
			path := filepath.Join(t.TempDir(), "fifo")
			if err := unix.Mkfifo(path, 0o600); err != nil {
				return -1, err
			}
			return unix.Open(path, unix.O_PATH, 0)
		}, "stdin is open for the wrong direction"},
		{"closed", func() (int, error) { return -1, nil }, "stdin: bad file descriptor"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			fd, err := test.open()
			if err != nil {
				t.Skip(err)
			}
			defer unix.Close(fd)
			if _, err := New(fd, pipe(t)[1]); err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
	if _, err := New(pipe(t)[0], pipe(t)[0]); err == nil || !strings.HasPrefix(err.Error(), "stdout is open for") {
		t.Errorf("the reading end as stdout: %v", err)
	}
}
