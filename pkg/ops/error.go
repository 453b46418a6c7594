package ops

import (
	"context"
	"errors"
	"slices"
	"syscall"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"
	"nethelper/pkg/protocol"
)

// Invalid returns the protocol's error for attributes that do not fit.
func Invalid(err error) *protocol.Error {
	e := &protocol.Error{Code: protocol.Invalid, Message: err.Error()}
	var a *attr.Error
	if errors.As(err, &a) {
		e.Attr, e.Message = a.Attr, a.Err.Error()
	}
	return e
}

// invalid makes an error about one attribute, for the Check of a params type.
func invalid(name, reason string) error {
	return &attr.Error{Attr: name, Err: errors.New(reason)}
}

// ambiguous says that the kernel would act, or has acted, on something else.
func ambiguous(reason string) error {
	return &protocol.Error{Code: protocol.Ambiguous, Message: reason}
}

// errorOf makes the protocol's error of what an operation returned.
func errorOf(err error) *protocol.Error {
	var (
		ours   *protocol.Error
		theirs *kernel.Error
		param  *attr.Error
	)
	switch {
	case errors.As(err, &ours):
		return ours
	case errors.As(err, &theirs):
		return &protocol.Error{
			Code:    codeOf(theirs),
			Errno:   uint32(theirs.Errno),
			Attr:    theirs.Attr,
			Message: theirs.Message,
		}
	case errors.As(err, &param):
		return Invalid(err)
	case errors.Is(err, kernel.ErrInconsistent):
		return &protocol.Error{Code: protocol.Inconsistent, Message: err.Error()}
	case errors.Is(err, kernel.ErrUnknown), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return &protocol.Error{Code: protocol.Unknown, Message: err.Error()}
	}
	return &protocol.Error{Code: protocol.Internal, Message: err.Error()}
}

// codeOf classifies an errno. The kernel says ENODEV of links, ENOENT of rules,
// neighbours, tables and namespaces, ESRCH of routes. EADDRNOTAVAIL it says of an
// address that is not there, but also of link-layer addresses that cannot be.
func codeOf(e *kernel.Error) protocol.Code {
	switch e.Errno {
	case syscall.ENODEV, syscall.ENOENT, syscall.ESRCH:
		return protocol.NotFound
	case syscall.EADDRNOTAVAIL:
		if e.Attr == "address" {
			return protocol.NotFound
		}
	case syscall.EEXIST:
		return protocol.Exists
	}
	return protocol.Kernel
}

// settle makes the result of a request that changes something. Where the request
// tolerates it, an error with one of the errnos means that things are as asked.
func settle(err error, tolerance *attr.Tolerance, errnos ...syscall.Errno) (Done, error) {
	if err != nil && tolerance != nil && *tolerance == attr.OK {
		var e *kernel.Error
		if errors.As(err, &e) && slices.Contains(errnos, e.Errno) {
			return Done{Changed: false}, nil
		}
	}
	return Done{Changed: err == nil}, err
}

// keyed says that an error of the kernel with the errno is about the attribute
// that picks the object, where the kernel itself names none.
func keyed(err error, attrName string, errno syscall.Errno) error {
	var e *kernel.Error
	if !errors.As(err, &e) || e.Attr != "" || e.Errno != errno {
		return err
	}
	named := *e
	named.Attr = attrName
	return &named
}

// errNothingAsked is the error of a request that would change nothing whatever
// things are like.
var errNothingAsked = errors.New("nothing is asked to be changed")
