package main

import (
	"errors"

	"nethelper/pkg/client"
	"nethelper/pkg/protocol"
)

// The exit codes.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitDenied      = 3
	exitUnavailable = 4 // the helper could not serve
)

// exitOf returns the exit code that err stands for.
func exitOf(err error) int {
	var (
		usage  *usageError
		helper *client.HelperError
		answer *protocol.Error
	)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &helper):
		return exitUnavailable
	case errors.As(err, &answer):
		return exitOfCode(answer.Code)
	}
	return exitFailed
}

// exitOfCode returns the exit code for what the helper answered.
func exitOfCode(code protocol.Code) int {
	switch code {
	case protocol.Denied:
		return exitDenied
	case protocol.Unavailable, protocol.Unrecorded, protocol.Policy, protocol.Outdated:
		return exitUnavailable
	}
	return exitFailed
}
