// Package poll waits for descriptors without the runtime's poller: by ppoll(2), and
// before that, where the other side is quick, by looking again and again.
package poll

import (
	"os"
	"runtime"
	"time"
	"unsafe"

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

// apart says that two processes can run at the same time. Where they cannot, one that
// looks keeps from running the one that it looks after, which sched_yield(2) does not
// change if the two are of different sessions (sched(7), autogroup).
var apart = runtime.NumCPU() > 1

// crowded is how long others run between two looks where there are others.
const crowded = 20 * time.Microsecond

// Try looks until there is something, which happens to fds, for as long as [TryTime].
// In between it lets others run, of which one may be the process that is looked after;
// where others have the processor instead, it gives up. Where there is one processor
// only, it sleeps for a moment.
//
// The runtime is told nothing of it. It would wake a thread each time, to have it find
// that there is nothing else to run.
func Try(fds []unix.PollFd, look func() (bool, error)) (bool, error) {
	if !apart {
		nap(fds)
		return look()
	}
	start := time.Now()
	for looked := start; ; {
		found, err := look()
		now := time.Now()
		if found || err != nil || now.Sub(start) > TryTime || now.Sub(looked) > crowded {
			return found, err
		}
		looked = now
		unix.RawSyscall(unix.SYS_SCHED_YIELD, 0, 0, 0)
	}
}

// napTime is longer than a tick of most kernels, which finds that the time has passed.
// A shorter time takes a timer of its own, and to set one takes a virtual machine
// longer than many a request. It is shorter than the runtime lets a goroutine run.
const napTime = 5 * time.Millisecond

// nap waits for as long as napTime. Whether something has happened is for others to
// find out.
func nap(fds []unix.PollFd) {
	limit := unix.NsecToTimespec(napTime.Nanoseconds())
	unix.RawSyscall6(unix.SYS_PPOLL, uintptr(unsafe.Pointer(&fds[0])), uintptr(len(fds)), uintptr(unsafe.Pointer(&limit)), 0, 0, 0)
}
