package serve

import (
	"errors"

	"nethelper/pkg/protocol"
	"nethelper/policy"
)

// protocolError is what the caller is told of err.
func protocolError(err error) *protocol.Error {
	var e *protocol.Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, ErrOutcome):
		return &protocol.Error{Code: protocol.Unknown, Message: ErrOutcome.Error()}
	}
	return &protocol.Error{Code: protocol.Internal, Message: "the helper has a defect"}
}

// unrecorded is what the caller is told where no record could be written.
func unrecorded() *protocol.Error {
	return &protocol.Error{Code: protocol.Unrecorded, Message: "the audit record could not be written, so nothing ran"}
}

// denial tells the caller which of its own grants came nearest, and what that
// one does not cover.
func denial(d policy.Decision) *protocol.Error {
	e := &protocol.Error{Code: protocol.Denied}
	if len(d.Misses) == 0 {
		e.Message = "no grant names this operation"
		return e
	}
	nearest := d.Misses[0]
	e.Attr, e.Grant, e.Message = nearest.Attr, nearest.Grant.Place(), nearest.Reason
	return e
}
