package kernel

import (
	"errors"
	"syscall"
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

var (
	// ErrUnknown is returned when a message was sent and its acknowledgement lost.
	ErrUnknown = errors.New("the kernel's answer was lost")
	// ErrInconsistent is returned by a dump during which the dumped objects
	// changed (NLM_F_DUMP_INTR). What it delivered may be incomplete.
	ErrInconsistent = errors.New("the list changed while it was read")
)
