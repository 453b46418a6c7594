package kernel

import (
	"errors"
	"syscall"

	"golang.org/x/sys/unix"
)

// An Error is what the kernel, or a look-up on its behalf, refused.
type Error struct {
	Errno syscall.Errno
	// Attr is the attribute of the request that the error is about, if known.
	Attr string
	// Message is the kernel's extended acknowledgement or a reason, if any.
	Message string
}

func (e *Error) Error() string {
	text := e.Errno.Error()
	if e.Message != "" {
		text = e.Message + " (" + text + ")"
	}
	if e.Attr != "" {
		text = e.Attr + ": " + text
	}
	return text
}

func (e *Error) Unwrap() error { return e.Errno }

// Is reports whether target says the same, whatever attribute it is about.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && e.Errno == t.Errno && e.Message == t.Message
}

// about says that err, if it is an [Error] that names no attribute, is about the
// one called attrName.
func about(err error, attrName string) error {
	e, ok := err.(*Error)
	if !ok || e.Attr != "" {
		return err
	}
	named := *e
	named.Attr = attrName
	return &named
}

var (
	// ErrUnknown is returned when a message was sent and its acknowledgement lost.
	ErrUnknown = errors.New("the kernel's answer was lost")
	// ErrInconsistent is returned by a dump during which the dumped objects
	// changed (NLM_F_DUMP_INTR). What it delivered may be incomplete.
	ErrInconsistent = errors.New("the list changed while it was read")
)

// errnoOf returns the errno in err, or EIO where there is none.
func errnoOf(err error) syscall.Errno {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return unix.EIO
}
