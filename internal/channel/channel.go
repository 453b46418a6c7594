// Package channel is the helper's end of the conversation: a caller's pipes or
// stream socket, of which the caller holds the other end and may flip every flag
// at any time.
//
// Descriptors are polled before each read, and written to in a way that does not
// block, so that it does not matter whether they do, and that no wait outlasts its
// deadline.
package channel

import (
	"errors"
	"fmt"
	"io"
	"time"

	"nethelper/internal/poll"
	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// patience is how long a caller is waited for that has begun to send or to receive,
// unless another limit is set.
const patience = 30 * time.Second

// Forever is a limit that is never reached.
const Forever time.Duration = 0

// bufferSize holds the largest frame, and what a pipe holds besides.
const bufferSize = protocol.MaxRequest + 64<<10

var (
	// ErrHungUp is returned when nobody reads the replies any more.
	ErrHungUp = errors.New("the caller hung up")
	// ErrStalled is returned when a deadline passed in the midst of a frame.
	ErrStalled = errors.New("the caller stalled")
)

// A Channel reads requests and writes replies.
type Channel struct {
	in, out  int
	buffer   []byte // bufferSize long
	unread   []byte // the part of it that has been received and not read
	readable bool   // Wait has seen more than that
	// readTime bounds the time from the first byte of a frame to its last, writeTime
	// that which the caller takes to read what is written at once.
	readTime, writeTime time.Duration
	lively              bool  // the caller has been quick of late
	blocks              bool  // out cannot be written to without blocking
	failed              error // of the first write that failed, perhaps in the midst of a frame
}

// New makes a channel of two descriptors, which may be the same.
func New(in, out int) (*Channel, error) {
	if err := check(in, "stdin", unix.O_WRONLY); err != nil {
		return nil, err
	}
	if err := check(out, "stdout", unix.O_RDONLY); err != nil {
		return nil, err
	}
	return &Channel{in: in, out: out, buffer: make([]byte, bufferSize), readTime: patience, writeTime: patience}, nil
}

// Limit sets how long a frame may take to arrive once it has begun to, and how long
// the caller may take to read what is written at once.
func (c *Channel) Limit(read, write time.Duration) { c.readTime, c.writeTime = read, write }

// Wait waits until the caller has sent something, and reports whether it has.
// It gives up after limit if that is positive. The error is [ErrHungUp] once
// nobody reads the replies.
func (c *Channel) Wait(limit time.Duration) (bool, error) {
	if len(c.unread) > 0 {
		return true, nil
	}
	fds := []unix.PollFd{{Fd: int32(c.in), Events: unix.POLLIN}, {Fd: int32(c.out)}}
	ready, err := false, error(nil)
	if c.lively {
		ready, err = poll.Try(fds, func() (bool, error) { return poll.Wait(fds, past) })
	}
	if err == nil && !ready {
		start := time.Now()
		ready, err = poll.Wait(fds, deadlineOf(limit))
		c.lively = time.Since(start) < poll.TryTime
	}
	switch {
	case err != nil || !ready:
		return false, err
	case fds[1].Revents != 0:
		return false, ErrHungUp
	}
	c.readable = true
	return true, nil
}

// Pause waits for the time d. The error is [ErrHungUp] as soon as nobody reads the
// replies.
func (c *Channel) Pause(d time.Duration) error {
	gone, err := poll.Wait([]unix.PollFd{{Fd: int32(c.out)}}, time.Now().Add(d))
	if gone {
		return ErrHungUp
	}
	return err
}

// Arrived reports whether Read would wait for nothing.
func (c *Channel) Arrived() bool {
	message, _, err := protocol.Cut(c.unread, protocol.MaxRequest)
	return message != nil || err != nil
}

// Read reads the next message, which is valid until the next call. The error is
// io.EOF where the caller closed its end between two frames, a
// [protocol.FrameError], [ErrStalled], or the system's.
func (c *Channel) Read() ([]byte, error) {
	deadline := time.Time{}
	for {
		message, rest, err := protocol.Cut(c.unread, protocol.MaxRequest)
		if err != nil {
			return nil, err
		}
		if message != nil {
			c.unread = rest
			return message, nil
		}
		if deadline.IsZero() && !c.readable {
			deadline = deadlineOf(c.readTime)
		}
		if err := c.receive(deadline); err != nil {
			return nil, err
		}
	}
}

// receive reads what is there behind what has been received.
func (c *Channel) receive(deadline time.Time) error {
	have := copy(c.buffer, c.unread)
	c.unread = c.buffer[:have]
	for {
		if !c.readable {
			if err := await(c.in, unix.POLLIN, deadline); err != nil {
				return err
			}
		}
		c.readable = false
		n, err := unix.Read(c.in, c.buffer[have:])
		switch {
		case err == unix.EAGAIN || err == unix.EINTR:
		case err == unix.ECONNRESET:
			return ErrHungUp
		case err != nil:
			return fmt.Errorf("read: %w", err)
		case n == 0 && have == 0:
			return io.EOF
		case n == 0:
			return protocol.ErrTruncated
		default:
			c.unread = c.buffer[:have+n]
			return nil
		}
	}
}

// Write writes frames, and waits where the caller does not read. The error is
// [ErrHungUp], [ErrStalled], or the system's; it is that of all later calls.
func (c *Channel) Write(frames []byte) error {
	if c.failed == nil {
		c.failed = c.writeAll(frames)
	}
	return c.failed
}

func (c *Channel) writeAll(b []byte) error {
	deadline := deadlineOf(c.writeTime)
	for len(b) > 0 {
		n, err := c.write(b)
		switch {
		case err == unix.EINTR:
		case err == unix.EAGAIN:
			if err := await(c.out, unix.POLLOUT, deadline); err != nil {
				return err
			}
		case err == unix.EPIPE || err == unix.ECONNRESET:
			return ErrHungUp
		case err != nil:
			return fmt.Errorf("write: %w", err)
		default:
			b = b[n:]
		}
	}
	return nil
}
