package channel

import (
	"time"

	"nethelper/internal/poll"

	"golang.org/x/sys/unix"
)

// past is a deadline that has passed.
var past = time.Unix(0, 0)

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
	ready, err := poll.Wait([]unix.PollFd{{Fd: int32(fd), Events: events}}, deadline)
	if err == nil && !ready {
		return ErrStalled
	}
	return err
}
