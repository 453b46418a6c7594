package privilege

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// Repair puts right what exec let through from the caller, on the calling thread
// and for the process that it executes next. It returns what it found, and an
// error where that cannot be put right.
func Repair() (found []string, err error) {
	for _, repair := range []func() (string, error){
		signalMask, timers, timerSlack, scheduling, personality, dumpable, umask, limits, workingDirectory, session, descriptors,
	} {
		what, err := repair()
		if err != nil {
			return nil, err
		}
		if what != "" {
			found = append(found, what)
		}
	}
	return found, nil
}

func signalMask() (string, error) {
	var none, before unix.Sigset_t
	if err := unix.PthreadSigmask(unix.SIG_SETMASK, &none, &before); err != nil {
		return "", fmt.Errorf("rt_sigprocmask: %w", err)
	}
	if before != none {
		return "blocked signals", nil
	}
	return "", nil
}

func timers() (found string, err error) {
	for _, which := range []unix.ItimerWhich{unix.ITIMER_REAL, unix.ITIMER_VIRTUAL, unix.ITIMER_PROF} {
		before, err := unix.Setitimer(which, unix.Itimerval{})
		if err != nil {
			return "", fmt.Errorf("setitimer: %w", err)
		}
		if before.Value != (unix.Timeval{}) {
			found = "a running timer"
		}
	}
	return found, nil
}

// timerSlack matters because with a large one no deadline ever passes.
func timerSlack() (string, error) {
	const usual = 50 * time.Microsecond
	before, err := unix.PrctlRetInt(unix.PR_GET_TIMERSLACK, 0, 0, 0, 0)
	if err != nil {
		return "", fmt.Errorf("prctl(PR_GET_TIMERSLACK): %w", err)
	}
	if err := unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(usual), 0, 0, 0); err != nil {
		return "", fmt.Errorf("prctl(PR_SET_TIMERSLACK): %w", err)
	}
	if slack := time.Duration(before); slack > usual {
		return fmt.Sprintf("a timer slack of %s", slack), nil
	}
	return "", nil
}

// scheduling matters because the kernel's lock of all network configuration is
// held by whoever changes it: one that hardly runs keeps everybody waiting. To run
// more than the caller takes CAP_SYS_NICE, and is left out without.
func scheduling() (string, error) {
	before, err := unix.SchedGetAttr(0, 0)
	if err != nil {
		return "", fmt.Errorf("sched_getattr: %w", err)
	}
	if before.Policy == unix.SCHED_NORMAL && before.Nice <= 0 {
		return "", nil
	}
	usual := unix.SchedAttr{Policy: unix.SCHED_NORMAL}
	err = unix.SchedSetAttr(0, &usual, 0)
	switch {
	case err == unix.EPERM:
		return "", nil
	case err != nil:
		return "", fmt.Errorf("sched_setattr: %w", err)
	}
	return fmt.Sprintf("scheduling policy %d, nice %d", before.Policy, before.Nice), nil
}

func personality() (string, error) {
	before, _, errno := unix.RawSyscall(unix.SYS_PERSONALITY, 0, 0, 0)
	if errno != 0 {
		return "", fmt.Errorf("personality: %w", errno)
	}
	if before != 0 {
		return fmt.Sprintf("personality %#x", before), nil
	}
	return "", nil
}

func dumpable() (string, error) {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return "", fmt.Errorf("prctl(PR_SET_DUMPABLE): %w", err)
	}
	return "", nil
}

func umask() (string, error) {
	unix.Umask(0o077)
	return "", nil
}

func workingDirectory() (string, error) {
	if err := unix.Chdir("/"); err != nil {
		return "", fmt.Errorf("chdir /: %w", err)
	}
	return "", nil
}

// session takes the helper out of reach of the caller's terminal, whose signals
// skip the permission check. A process group's leader cannot leave it.
func session() (string, error) {
	if _, err := unix.Setsid(); err != nil && err != unix.EPERM {
		return "", fmt.Errorf("setsid: %w", err)
	}
	return "", nil
}

// descriptors marks all but the first three to be closed at the next exec. They
// are not closed at once: some are the Go runtime's.
func descriptors() (string, error) {
	if err := unix.CloseRange(3, ^uint(0), unix.CLOSE_RANGE_CLOEXEC); err != nil {
		return "", fmt.Errorf("close_range: %w", err)
	}
	return "", nil
}
