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
	lines    encoder // the lines being written
	stamp    []byte  // the time of all of them
	torn     bool    // the last line was cut short
}

// New returns a log that writes to fd. Identity holds the members that every
// record of this helper has.
func New(fd int, identity Record) *Log { return &Log{fd: fd, identity: identity} }

// ErrUnwritten is wrapped by every error of [Log.Write].
var ErrUnwritten = errors.New("the audit record could not be written")

// Write writes records, whole and with one system call, or fails. Some of them may
// be there then.
func (l *Log) Write(records ...Record) error {
	if len(records) == 0 {
		return nil
	}
	l.lines = l.lines[:0]
	if l.torn {
		l.lines = append(l.lines, '\n')
	}
	l.stamp = time.Now().UTC().AppendFormat(l.stamp[:0], time.RFC3339Nano)
	for i := range records {
		r := &records[i]
		r.Helper, r.UID, r.GID, r.PID = l.identity.Helper, l.identity.UID, l.identity.GID, l.identity.PID
		r.append(&l.lines, l.stamp)
	}
	for {
		n, err := unix.Write(l.fd, l.lines)
		l.torn = l.torn && n <= 0 || 0 < n && n < len(l.lines)
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return fmt.Errorf("%w: %w", ErrUnwritten, err)
		case n < len(l.lines):
			return fmt.Errorf("%w: %d bytes of %d", ErrUnwritten, n, len(l.lines))
		}
		return nil
	}
}
