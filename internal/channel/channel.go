// Package channel is the helper's end of the conversation: a caller's pipes or
// stream socket, of which the caller holds the other end and may flip every flag
// at any time.
//
// Descriptors are polled before each read and write, so that it does not matter
// whether they block, and that no wait outlasts its deadline.
package channel

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

var (
	// readTime bounds the time from the first byte of a frame to its last.
	readTime = 30 * time.Second
	// writeTime bounds the time that the caller takes to read one frame.
	writeTime = 30 * time.Second
)

// Forever is a limit that is never reached.
const Forever time.Duration = 0

// atomic is how many bytes a pipe takes without blocking once it is writable
// (PIPE_BUF, pipe(7)); a stream socket takes no less.
const atomic = 4096

var (
	// ErrHungUp is returned when nobody reads the replies any more.
	ErrHungUp = errors.New("the caller hung up")
	// ErrStalled is returned when a deadline passed in the midst of a frame.
	ErrStalled = errors.New("the caller stalled")
)

// A Channel reads requests and writes replies.
type Channel struct {
	in, out  int
	buffered *bufio.Reader
	deadline time.Time // of the frame being read or written
}

// New makes a channel of two descriptors, which may be the same.
func New(in, out int) (*Channel, error) {
	if err := check(in, "stdin", unix.O_WRONLY); err != nil {
		return nil, err
	}
	if err := check(out, "stdout", unix.O_RDONLY); err != nil {
		return nil, err
	}
	c := &Channel{in: in, out: out}
	c.buffered = bufio.NewReaderSize(reader{c}, protocol.MaxRequest)
	return c, nil
}

// Wait waits until the caller has sent something, and reports whether it has.
// It gives up after limit if that is positive. The error is [ErrHungUp] once
// nobody reads the replies.
func (c *Channel) Wait(limit time.Duration) (bool, error) {
	if c.buffered.Buffered() > 0 {
		return true, nil
	}
	var until time.Time
	if limit > 0 {
		until = time.Now().Add(limit)
	}
	fds := []unix.PollFd{{Fd: int32(c.in), Events: unix.POLLIN}, {Fd: int32(c.out)}}
	err := poll(fds, until)
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return false, nil
	case err != nil:
		return false, err
	case fds[1].Revents != 0:
		return false, ErrHungUp
	}
	return true, nil
}

// Pause waits for the time d. The error is [ErrHungUp] as soon as nobody reads the
// replies.
func (c *Channel) Pause(d time.Duration) error {
	err := poll([]unix.PollFd{{Fd: int32(c.out)}}, time.Now().Add(d))
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil
	case err != nil:
		return err
	}
	return ErrHungUp
}

// Read reads the next message. The error is io.EOF where the caller closed its
// end between two frames, a [protocol.FrameError], [ErrStalled], or the system's.
func (c *Channel) Read() ([]byte, error) {
	c.deadline = time.Now().Add(readTime)
	return protocol.Read(c.buffered, protocol.MaxRequest)
}

// Write writes message as one frame. The error is [ErrHungUp], [ErrStalled], or
// the system's.
func (c *Channel) Write(message []byte) error {
	c.deadline = time.Now().Add(writeTime)
	return protocol.Write(writer{c}, message)
}

// reader reads from the caller what is there, within the deadline.
type reader struct{ *Channel }

func (c reader) Read(p []byte) (int, error) {
	for {
		if err := c.ready(c.in, unix.POLLIN); err != nil {
			return 0, err
		}
		n, err := unix.Read(c.in, p)
		switch {
		case err == unix.EAGAIN || err == unix.EINTR:
			continue
		case err == unix.ECONNRESET:
			return 0, ErrHungUp
		case err != nil:
			return 0, fmt.Errorf("read: %w", err)
		case n == 0:
			return 0, io.EOF
		}
		return n, nil
	}
}

// writer writes to the caller in pieces that cannot block, within the deadline.
// The system call is made directly: package os ends the process on SIGPIPE.
type writer struct{ *Channel }

func (c writer) Write(p []byte) (int, error) {
	written := 0
	for written < len(p) {
		if err := c.ready(c.out, unix.POLLOUT); err != nil {
			return written, err
		}
		n, err := unix.Write(c.out, p[written:min(written+atomic, len(p))])
		switch {
		case err == unix.EAGAIN || err == unix.EINTR:
			continue
		case err == unix.EPIPE || err == unix.ECONNRESET:
			return written, ErrHungUp
		case err != nil:
			return written, fmt.Errorf("write: %w", err)
		}
		written += n
	}
	return written, nil
}

// ready waits until fd can be read or written, or has an error to tell.
func (c *Channel) ready(fd int, events int16) error {
	err := poll([]unix.PollFd{{Fd: int32(fd), Events: events}}, c.deadline)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return ErrStalled
	}
	return err
}

// poll waits until something happens to fds, for ever if the deadline is zero.
func poll(fds []unix.PollFd, deadline time.Time) error {
	for {
		var wait *unix.Timespec
		if !deadline.IsZero() {
			t := unix.NsecToTimespec(max(0, time.Until(deadline).Nanoseconds()))
			wait = &t
		}
		switch n, err := unix.Ppoll(fds, wait, nil); {
		case err == unix.EINTR:
		case err != nil:
			return fmt.Errorf("poll: %w", err)
		case n == 0:
			return os.ErrDeadlineExceeded
		default:
			return nil
		}
	}
}
