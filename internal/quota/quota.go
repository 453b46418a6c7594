// Package quota makes the helpers that share an audit log count and add one after
// another, so that a quota is exact however many of them are asked at a time.
//
// The lock is on a file beside the log (flock(2)) that only those can open who can
// write the log. It is free again when its helper is gone, however it went.
package quota

import (
	"errors"
	"fmt"
	"time"

	"nethelper/internal/trust"

	"golang.org/x/sys/unix"
)

// Alone is the descriptor of a lock that nobody else has.
const Alone = -1

// Path returns where the lock of an audit log is.
func Path(log string) string { return log + ".lock" }

// Open opens the lock of an audit log, and makes it if it is not there.
func Open(log string, owners trust.Owners) (fd int, err error) {
	fd, err = owners.Append(Path(log))
	if err != nil {
		return -1, fmt.Errorf("lock for quotas: %w", err)
	}
	return fd, nil
}

// A Lock is held by one helper at a time.
type Lock struct {
	fd   int
	held bool
}

// New returns the lock by the descriptor fd, or one that nobody else has.
func New(fd int) *Lock { return &Lock{fd: fd} }

const (
	// patience is how long others may hold the lock, who do no more than to list
	// some objects and to add one.
	patience = 5 * time.Second
	// pauseFirst and pauseMost bound how long it is before the lock is tried again.
	pauseFirst = 50 * time.Microsecond
	pauseMost  = 5 * time.Millisecond
)

// ErrBusy is returned when others held the lock for too long.
var ErrBusy = errors.New("other helpers have been counting for too long")

// Take takes the lock. It waits by pause, and gives up where that fails.
func (l *Lock) Take(pause func(time.Duration) error) error {
	if l.fd == Alone || l.held {
		return nil
	}
	deadline := time.Now().Add(patience)
	for wait := pauseFirst; ; wait = min(2*wait, pauseMost) {
		err := unix.Flock(l.fd, unix.LOCK_EX|unix.LOCK_NB)
		switch {
		case err == nil:
			l.held = true
			return nil
		case !errors.Is(err, unix.EWOULDBLOCK):
			return fmt.Errorf("lock for quotas: %w", err)
		case time.Now().After(deadline):
			return ErrBusy
		}
		if err := pause(wait); err != nil {
			return err
		}
	}
}

// Held reports whether others have to wait for the lock.
func (l *Lock) Held() bool { return l.held }

// Release gives the lock back, if it is held.
func (l *Lock) Release() error {
	if !l.held {
		return nil
	}
	if err := unix.Flock(l.fd, unix.LOCK_UN); err != nil {
		return fmt.Errorf("lock for quotas: %w", err)
	}
	l.held = false
	return nil
}
