package client

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"nethelper/pkg/protocol"
)

// ErrStalled ends a list that others waited behind and that was not consumed.
var ErrStalled = errors.New("the list was not consumed while others waited behind it")

// An UnavailableError says that the helper was started and cannot serve. It wraps
// the [protocol.Error] that says why.
type UnavailableError struct{ Hello protocol.Hello }

func (e *UnavailableError) Error() string { return e.Hello.Error.Error() }
func (e *UnavailableError) Unwrap() error { return e.Hello.Error }

// A HelperError says that there is no helper any more, or that none could be
// started.
type HelperError struct {
	// Path is the helper's program.
	Path string
	// Err is how the end was noticed: [io.EOF], an error of the operating system,
	// a [protocol.FrameError], a [ReplyError], a [VersionError], a
	// [protocol.Error] with code malformed, [os.ErrDeadlineExceeded] where the
	// hello did not come, [ErrClosed], or an error without a type where a request
	// could not be written.
	Err error
	// Started says that there was a process.
	Started bool
	// State is how the process ended, nil where it has not.
	State *os.ProcessState
	// Stderr is the last line that it wrote to its standard error, if any.
	Stderr string
	// Served says that the helper had said hello.
	Served bool
	// MayHaveRun says that the request was sent, so that it may have been
	// carried out.
	MayHaveRun bool
}

func (e *HelperError) Error() string {
	var b strings.Builder
	b.WriteString("helper " + e.Path + ": ")
	switch {
	case e.Served:
	case e.Started:
		b.WriteString("no hello: ")
	default:
		b.WriteString("cannot be started: ")
	}
	b.WriteString(e.reason())
	if e.State != nil {
		b.WriteString(" (" + e.State.String() + ")")
	}
	if e.Stderr != "" {
		b.WriteString(": " + e.Stderr)
	}
	if e.MayHaveRun {
		b.WriteString("; whether the request was carried out is not known")
	}
	if hint := e.hint(); hint != "" {
		b.WriteString("; " + hint)
	}
	return b.String()
}

func (e *HelperError) Unwrap() error { return e.Err }

func (e *HelperError) reason() string {
	var (
		path *fs.PathError
		name *exec.Error
	)
	switch {
	case errors.Is(e.Err, io.EOF):
		return "it ended"
	case errors.Is(e.Err, os.ErrDeadlineExceeded):
		return "it said nothing"
	case errors.As(e.Err, &path):
		return path.Err.Error()
	case errors.As(e.Err, &name):
		return name.Err.Error()
	}
	return e.Err.Error()
}

// hint names the likely remedy. A Go program that gets too little memory ends
// before its first statement, with status 2 or by a signal (setrlimit(2)).
func (e *HelperError) hint() string {
	if !e.Started && errors.Is(e.Err, fs.ErrPermission) {
		return "is the caller in the group that may execute the helper?"
	}
	if e.Served || e.State == nil {
		return ""
	}
	status, ok := e.State.Sys().(syscall.WaitStatus)
	if ok && (status.ExitStatus() == 2 || status.Signaled() && status.Signal() == syscall.SIGSEGV) {
		return "are the caller's limits on memory (RLIMIT_AS, RLIMIT_DATA) too low?"
	}
	return ""
}

// unsent reports whether the helper ended before the request was sent to it.
func unsent(err error) bool {
	var e *HelperError
	return errors.As(err, &e) && e.Served && !e.MayHaveRun && !errors.Is(e.Err, ErrClosed)
}

// outdated reports whether the helper has to be exchanged for another, which can
// carry the request out.
func outdated(err error) bool {
	var e *protocol.Error
	return errors.As(err, &e) && e.Code == protocol.Outdated
}

// A ReplyError says that a message of the helper does not fit. A reply that
// answers no request that is outstanding, or not the first of them, ends the
// session: after it nothing that comes can be trusted to be what it seems.
type ReplyError struct{ Reason string }

func (e *ReplyError) Error() string { return "unexpected reply: " + e.Reason }

// A VersionError says that the helper speaks another version of the protocol.
type VersionError struct{ Version uint32 }

func (e *VersionError) Error() string {
	return fmt.Sprintf("it speaks version %d of the protocol, want %d", e.Version, protocol.Version)
}
