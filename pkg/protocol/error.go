package protocol

import (
	"strings"
	"syscall"
)

// A Code says what became of a request that is not done. The set is closed.
type Code string

const (
	// Malformed: the bytes are no message. The session is over.
	Malformed Code = "malformed"
	// Unavailable: the helper cannot serve, as the hello says, or, in a reply with id
	// 0, serves no more; what it has not answered has not run. The session is over.
	Unavailable Code = "unavailable"
	// UnknownOp: there is no such operation.
	UnknownOp Code = "unknown-op"
	// Invalid: the attributes do not fit the operation. Attr names one if it can.
	Invalid Code = "invalid"
	// Denied: no grant covers the request. Nothing was looked up, but for a quota.
	Denied Code = "denied"
	// NotFound: what the request names is not there (ENODEV, ENOENT, ESRCH, EADDRNOTAVAIL).
	NotFound Code = "not-found"
	// Exists: what the request makes is there already (EEXIST).
	Exists Code = "exists"
	// Ambiguous: the kernel would act on something else than what the request
	// names exactly.
	Ambiguous Code = "ambiguous"
	// Kernel: the kernel refused; Errno and Message are its own.
	Kernel Code = "kernel"
	// Inconsistent: what was listed changed meanwhile. Items already sent may be
	// incomplete; ask again.
	Inconsistent Code = "inconsistent"
	// Unknown: the request was made, and whether it was carried out is not known.
	Unknown Code = "unknown"
	// Unrecorded: the audit record could not be written, so nothing ran.
	Unrecorded Code = "unrecorded"
	// Policy: the policy has changed and cannot be used, so nothing runs.
	Policy Code = "policy"
	// Outdated: the policy has changed, and takes a helper that is started anew.
	// Nothing ran.
	Outdated Code = "outdated"
	// Internal: the helper has a defect; whether anything ran is not known.
	Internal Code = "internal"
)

// Codes is the closed set.
var Codes = []Code{
	Malformed, Unavailable, UnknownOp, Invalid, Denied, NotFound, Exists, Ambiguous,
	Kernel, Inconsistent, Unknown, Unrecorded, Policy, Outdated, Internal,
}

// An Error is the only error that crosses the pipe.
type Error struct {
	Code Code `cbor:"code"`
	// Errno is the kernel's, if it gave one.
	Errno uint32 `cbor:"errno,omitempty"`
	// Attr is the attribute that the error is about, if that is known.
	Attr string `cbor:"attr,omitempty"`
	// Grant is the place of the grant that came nearest, where the request was denied.
	Grant string `cbor:"grant,omitempty"`
	// Used and Max are how many objects there are and how many there may be, where
	// the quota of that grant is the reason.
	Used uint32 `cbor:"used,omitempty"`
	Max  uint32 `cbor:"max,omitempty"`
	// Message is for people: the kernel's extended acknowledgement, or a reason.
	Message string `cbor:"message,omitempty"`
}

// Error returns CODE: ATTR: MESSAGE (ERRNO), as far as they are known.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Code))
	if e.Attr != "" {
		b.WriteString(": " + e.Attr)
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	if e.Errno != 0 {
		b.WriteString(" (" + syscall.Errno(e.Errno).Error() + ")")
	}
	return b.String()
}

// Unwrap returns the errno, so that errors.Is(err, fs.ErrExist) and the like hold.
func (e *Error) Unwrap() error {
	if e.Errno == 0 {
		return nil
	}
	return syscall.Errno(e.Errno)
}

// Is reports whether target is an Error with the same code and nothing else.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && *t == Error{Code: e.Code}
}
