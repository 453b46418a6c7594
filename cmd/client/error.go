package main

import (
	"context"
	"errors"
	"fmt"

	"nethelper/pkg/client"
	"nethelper/pkg/protocol"
	"nethelper/policy"
)

// A usageError says what is wrong with the command line or a request. An empty
// one asks for the usage text.
type usageError struct {
	reason string
	usage  string // lines that follow it
}

func (e *usageError) Error() string { return e.reason }

func usageErrorf(format string, args ...any) error {
	return &usageError{reason: fmt.Sprintf(format, args...)}
}

// A reported error has been printed already.
type reported struct{ error }

func (e reported) Unwrap() error { return e.error }

// report prints err, unless that was done.
func (c *ctl) report(err error) {
	var (
		done   reported
		wrong  *usageError
		faults policy.Errors
	)
	switch {
	case errors.As(err, &done):
	case errors.As(err, &wrong) && wrong.reason == "":
		fmt.Fprint(c.stderr, usage)
	case c.json && !errors.As(err, &wrong):
		c.reportJSON(err)
	case errors.As(err, &faults):
		fmt.Fprintln(c.stderr, faults) // a line each, the place first
	default:
		c.warn("%s", explain(err))
	}
	if wrong != nil {
		fmt.Fprint(c.stderr, wrong.usage)
	}
}

// warn writes a line to standard error.
func (c *ctl) warn(format string, args ...any) {
	fmt.Fprintf(c.stderr, "nethelperctl: "+format+"\n", args...)
}

// explain returns what people are told of err.
func explain(err error) string {
	var (
		answer *protocol.Error
		helper *client.HelperError
	)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer in time; whether the request was carried out is not known"
	case errors.As(err, &helper):
		e := *helper
		e.Stderr = "" // it has been on standard error
		return e.Error()
	case errors.As(err, &answer) && answer.Grant != "":
		return printable(answer.Error()) + "; the nearest grant is " + answer.Grant
	}
	return printable(err.Error())
}

// errorOf returns what programs are told of err, in the protocol's words.
func errorOf(err error) *protocol.Error {
	var (
		answer *protocol.Error
		helper *client.HelperError
		faults policy.Errors
		wrong  *usageError
	)
	switch {
	case errors.As(err, &wrong):
		return &protocol.Error{Code: protocol.Invalid, Message: err.Error()}
	case errors.As(err, &faults):
		return &protocol.Error{Code: protocol.Policy, Message: err.Error()}
	case errors.As(err, &helper) && helper.MayHaveRun, errors.Is(err, context.DeadlineExceeded):
		return &protocol.Error{Code: protocol.Unknown, Message: err.Error()}
	case errors.As(err, &helper):
		return &protocol.Error{Code: protocol.Unavailable, Message: err.Error()}
	case errors.As(err, &answer):
		return answer
	}
	return &protocol.Error{Code: protocol.Internal, Message: err.Error()}
}

// reportJSON prints err as an object on standard error.
func (c *ctl) reportJSON(err error) {
	failure := struct {
		Error any `cbor:"error"`
	}{errorOf(err)}
	if err := writeJSON(c.stderr, failure); err != nil {
		c.warn("%v", err)
	}
}
