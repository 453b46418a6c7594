package channel

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// deadlineOf returns when a limit is reached; the zero time is never.
func deadlineOf(limit time.Duration) time.Time {
	if limit == Forever {
		return time.Time{}
	}
	return time.Now().Add(limit)
}

// await waits until fd can be read or written, or has an error to tell. After the
// deadline the error is [ErrStalled].
func await(fd int, events int16, deadline time.Time) error {
	ready, err := poll([]unix.PollFd{{Fd: int32(fd), Events: events}}, deadline)
	if err == nil && !ready {
		return ErrStalled
	}
	return err
}

// poll waits until something happens to fds, and reports whether it has: false is
// that the deadline has passed.
func poll(fds []unix.PollFd, deadline time.Time) (bool, error) {
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
			return false, fmt.Errorf("poll: %w", err)
		default:
			return n > 0, nil
		}
	}
}
