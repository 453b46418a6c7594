package client

import (
	"bytes"
	"errors"
	"io"
	"os"
	"runtime"
	"time"

	"nethelper/internal/poll"
	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// replies is the end of the helper's standard output. It does not block, and the
// runtime's poller does not watch it, since that would be woken by each reply that
// a caller looks for itself. One goroutine uses it at a time.
type replies struct {
	fd     int
	stop   *os.File // an eventfd(2) that ends the waiting
	buffer []byte   // holds the largest frame
	unread []byte   // the part of it that has been received and not read
}

// replyBuffer holds the largest frame and its head.
const replyBuffer = protocol.MaxReply + 16

// pipeReplies makes a pipe and returns both of its ends.
func pipeReplies() (*replies, *os.File, error) {
	stop, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
	if err != nil {
		return nil, nil, os.NewSyscallError("eventfd", err)
	}
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
		return nil, nil, errors.Join(os.NewSyscallError("pipe2", err), unix.Close(stop))
	}
	r := &replies{fd: ends[0], stop: os.NewFile(uintptr(stop), "eventfd"), buffer: make([]byte, replyBuffer)}
	stdout := os.NewFile(uintptr(ends[1]), "|1")
	if err := unix.SetNonblock(r.fd, true); err != nil {
		return nil, nil, errors.Join(os.NewSyscallError("fcntl", err), r.Close(), stdout.Close())
	}
	// What it cannot hold waits in the helper.
	_, _ = unix.FcntlInt(uintptr(r.fd), unix.F_SETPIPE_SZ, replyPipe)
	return r, stdout, nil
}

// replyPipe is how many bytes of replies the pipe is to hold, if the user may have so
// much in pipes (pipe(7)), so that the helper can go on while some are read.
const replyPipe = 256 << 10

// next waits for the next message, until the deadline if there is one; where look is
// true it looks for it before it sleeps. The error is io.EOF where the replies end
// between two, a [protocol.FrameError], errStopped once none is there after Stop, or
// os.ErrDeadlineExceeded.
func (r *replies) next(look bool, deadline time.Time) ([]byte, error) {
	for {
		message, err := r.arrived()
		if message != nil || err != nil {
			return message, err
		}
		runtime.Gosched() // to who has been given what was read before
		if look {
			if message, err = r.try(); message != nil || err != nil {
				return message, err
			}
		}
		if err := r.await(deadline); err != nil {
			return nil, err
		}
	}
}

// try looks for the next message for a short while. The message is nil if there is none
// by then.
func (r *replies) try() (message []byte, err error) {
	_, err = poll.Try(r.events(), func() (bool, error) {
		message, err = r.arrived()
		return message != nil, err
	})
	return message, err
}

// arrived returns the next message if it is there.
func (r *replies) arrived() ([]byte, error) {
	for {
		message, rest, err := protocol.Cut(r.unread, protocol.MaxReply)
		if err != nil {
			return nil, err
		}
		if message != nil {
			r.unread = rest
			return bytes.Clone(message), nil
		}
		if received, err := r.receive(); !received || err != nil {
			return nil, err
		}
	}
}

// receive reads what is there behind what has been received, and reports whether
// there was something.
func (r *replies) receive() (bool, error) {
	have := copy(r.buffer, r.unread)
	r.unread = r.buffer[:have]
	n, err := unix.Read(r.fd, r.buffer[have:])
	switch {
	case err == unix.EAGAIN || err == unix.EINTR:
		return false, nil
	case err != nil:
		return false, os.NewSyscallError("read", err)
	case n == 0 && have == 0:
		return false, io.EOF
	case n == 0:
		return false, protocol.ErrTruncated
	}
	r.unread = r.buffer[:have+n]
	return true, nil
}

// await waits until there is something to receive.
func (r *replies) await(deadline time.Time) error {
	fds := r.events()
	ready, err := poll.Wait(fds, deadline)
	switch {
	case err != nil:
		return err
	case !ready:
		return os.ErrDeadlineExceeded
	case fds[0].Revents == 0:
		return errStopped
	}
	return nil
}

// events are what is waited for: something to receive, and Stop.
func (r *replies) events() []unix.PollFd {
	return []unix.PollFd{{Fd: int32(r.fd), Events: unix.POLLIN}, {Fd: int32(r.stop.Fd()), Events: unix.POLLIN}}
}

// errStopped is the error after Stop. Unless the client is closing, a request could
// not be written.
var errStopped = errors.New("it reads no more requests")

// Stop ends the waiting, now and ever after; what has come by then can be read. It may
// be called by any goroutine.
func (r *replies) Stop() {
	_, _ = r.stop.Write([]byte{1, 0, 0, 0, 0, 0, 0, 0}) // fails once it is closed, when nobody waits
}

// Close closes both descriptors. Nobody uses the replies any more.
func (r *replies) Close() error {
	return errors.Join(unix.Close(r.fd), r.stop.Close())
}
