package client

import (
	"bytes"
	"errors"
	"io"
	"os"
	"runtime"
	"time"

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
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
		return nil, nil, os.NewSyscallError("pipe2", err)
	}
	stdout := os.NewFile(uintptr(ends[1]), "|1")
	stop, err := unix.Eventfd(0, unix.EFD_CLOEXEC)
	if err == nil {
		if err = unix.SetNonblock(ends[0], true); err != nil {
			unix.Close(stop)
		}
	}
	if err != nil {
		return nil, nil, errors.Join(os.NewSyscallError("eventfd", err), unix.Close(ends[0]), stdout.Close())
	}
	// What it cannot hold waits in the helper.
	_, _ = unix.FcntlInt(uintptr(ends[0]), unix.F_SETPIPE_SZ, replyPipe)
	r := &replies{fd: ends[0], stop: os.NewFile(uintptr(stop), "eventfd"), buffer: make([]byte, replyBuffer)}
	return r, stdout, nil
}

// replyPipe is how many bytes of replies the pipe is to hold, if the user may have so
// much in pipes (pipe(7)), so that the helper can go on while some are read.
const replyPipe = 256 << 10

// next waits for the next message, until the deadline if there is one. The error is
// io.EOF where the replies end between two, a [protocol.FrameError], os.ErrClosed
// after Stop, or os.ErrDeadlineExceeded.
func (r *replies) next(deadline time.Time) ([]byte, error) {
	for {
		message, err := r.arrived()
		if message != nil || err != nil {
			return message, err
		}
		if err := r.await(deadline); err != nil {
			return nil, err
		}
	}
}

// try looks for the next message for as long as limit. In between it lets others
// run, of which one may be the helper; where others have the processor instead, it
// gives up. The message is nil if there is none by then.
func (r *replies) try(limit time.Duration) ([]byte, error) {
	start := time.Now()
	for looked := start; ; {
		message, err := r.arrived()
		now := time.Now()
		if message != nil || err != nil || now.Sub(start) > limit || now.Sub(looked) > crowded {
			return message, err
		}
		looked = now
		runtime.Gosched()
		unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
	}
}

// crowded is how long others run in between where there are others.
const crowded = 20 * time.Microsecond

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
	fds := []unix.PollFd{{Fd: int32(r.fd), Events: unix.POLLIN}, {Fd: int32(r.stop.Fd()), Events: unix.POLLIN}}
	for {
		var wait *unix.Timespec
		if !deadline.IsZero() {
			t := unix.NsecToTimespec(max(0, time.Until(deadline).Nanoseconds()))
			wait = &t
		}
		n, err := unix.Ppoll(fds, wait, nil)
		switch {
		case err == unix.EINTR:
		case err != nil:
			return os.NewSyscallError("ppoll", err)
		case n == 0:
			return os.ErrDeadlineExceeded
		case fds[0].Revents == 0:
			return os.ErrClosed
		default:
			return nil
		}
	}
}

// Stop ends the waiting, now and ever after. It may be called by any goroutine.
func (r *replies) Stop() {
	_, _ = r.stop.Write([]byte{1, 0, 0, 0, 0, 0, 0, 0}) // fails once it is closed, when nobody waits
}

// Close closes both descriptors. Nobody uses the replies any more.
func (r *replies) Close() error {
	return errors.Join(unix.Close(r.fd), r.stop.Close())
}
