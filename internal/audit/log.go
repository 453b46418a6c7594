package audit

import (
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// A Log writes records. Its zero value is not usable.
type Log struct {
	fd       int
	identity Record
	torn     bool // the last line was cut short
}

// New returns a log that writes to fd. Identity holds the members that every
// record of this helper has.
func New(fd int, identity Record) *Log { return &Log{fd: fd, identity: identity} }

// ErrUnwritten is wrapped by every error of [Log.Write].
var ErrUnwritten = errors.New("the audit record could not be written")

// Write writes one record, whole and with one system call, or fails.
func (l *Log) Write(r Record) error {
	r.Time = time.Now()
	r.Helper, r.UID, r.GID, r.PID = l.identity.Helper, l.identity.UID, l.identity.GID, l.identity.PID
	line, err := r.line()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnwritten, err)
	}
	if l.torn {
		line = append([]byte{'\n'}, line...)
	}
	for {
		n, err := unix.Write(l.fd, line)
		l.torn = l.torn && n <= 0 || 0 < n && n < len(line)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return fmt.Errorf("%w: %w", ErrUnwritten, err)
		case n < len(line):
			return fmt.Errorf("%w: %d bytes of %d", ErrUnwritten, n, len(line))
		}
		return nil
	}
}
