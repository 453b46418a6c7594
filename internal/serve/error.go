package serve

import (
	"errors"
	"fmt"
	"time"

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

// unusableError is what the caller is told of a policy that cannot be in force.
func unusableError(why error) *protocol.Error {
	e := &protocol.Error{Code: protocol.Policy, Message: why.Error()}
	if errors.As(why, &outdated{}) {
		e.Code = protocol.Outdated
	}
	return e
}

// idle is what a caller is told of which no request came for the time.
func idle(time time.Duration) *protocol.Error {
	return &protocol.Error{Code: protocol.Unavailable, Message: fmt.Sprintf("no request came for %s, so the helper ends; what it has not answered has not run", time)}
}

// unrecorded is what the caller is told where no record could be written.
func unrecorded() *protocol.Error {
	return &protocol.Error{Code: protocol.Unrecorded, Message: "the audit record could not be written, so nothing ran"}
}

// denial tells which of the caller's own grants came nearest, and what they do not
// cover, as far as the policy lets it be told.
func denial(d policy.Decision, explain policy.Explain) *protocol.Error {
	e := &protocol.Error{Code: protocol.Denied}
	switch {
	case explain == policy.None:
	case len(d.Misses) == 0:
		e.Message = "no grant names this operation"
	default:
		nearest := d.Misses[0]
		e.Attr, e.Grant, e.Message = nearest.Attr, nearest.Grant.Place(), nearest.Reason
		if nearest.Attr == policy.Quota {
			e.Used, e.Max = nearest.Used, nearest.Grant.Max
		}
	}
	if explain == policy.Full {
		for _, m := range d.Misses[min(1, len(d.Misses)):] {
			e.Message += "; " + m.String()
		}
	}
	return e
}
