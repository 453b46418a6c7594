// Package poll waits for descriptors without the runtime's poller: by ppoll(2), and
// before that, where the other side is quick, by looking again and again.
package poll

import (
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

// Wait waits until something happens to fds, and reports whether it has: false is
// that the deadline has passed. The zero time is no deadline.
func Wait(fds []unix.PollFd, deadline time.Time) (bool, error) {
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
			return false, os.NewSyscallError("ppoll", err)
		default:
			return n > 0, nil
		}
	}
}

// TryTime is how long another process that has been quick is looked after before
// this one goes to sleep. To be woken on another processor takes longer than many a
// request.
const TryTime = 100 * time.Microsecond

// crowded is how long others run between two looks where there are others.
const crowded = 20 * time.Microsecond

// Try looks until there is something, for as long as [TryTime]. In between it lets
// others run, of which one may be the process that is looked after; where others
// have the processor instead, it gives up.
func Try(look func() (bool, error)) (bool, error) {
	start := time.Now()
	for looked := start; ; {
		found, err := look()
		now := time.Now()
		if found || err != nil || now.Sub(start) > TryTime || now.Sub(looked) > crowded {
			return found, err
		}
		looked = now
		runtime.Gosched()
		unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
	}
}
