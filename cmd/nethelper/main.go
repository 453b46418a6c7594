// The Go runtime is to keep no descriptors of cgroup files, where it would look
// for limits while it runs.
//
//go:debug containermaxprocs=0
//go:debug updatemaxprocs=0

// Nethelper changes the network for a caller that may not, as far as the policy
// in /etc/nethelper allows this caller. It speaks the protocol of package
// protocol on stdin and stdout, which are pipes or Unix stream sockets, and ends
// when the caller closes them. Installed setuid root it reads no argument and no
// variable of its environment. A helper that gained nothing at exec takes
//
//	--policy FILE   instead of the installed policy
//	--audit FILE    instead of the audit file that the policy names; - is stderr
//
// Exit codes:
//
//	0    the caller closed the session, or sent nothing for as long as the policy
//	     lets a helper wait
//	64   the arguments cannot be understood
//	65   the caller sent what is no message; the last reply says so
//	70   the helper has a defect; the last reply says so
//	74   the caller could not be read from or written to, or stalled, or the
//	     outcome of a request could not be recorded
//	77   the helper cannot serve; the hello and a line on stderr say why
//
// The helper heeds no signal that a terminal or a service manager sends to a
// whole group: it ends with its caller, after the request at hand.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"

	"nethelper/internal/audit"
	"nethelper/internal/channel"
	"nethelper/internal/privilege"
	"nethelper/internal/serve"

	"golang.org/x/sys/unix"
)

const (
	exitUsage     = 64
	exitMalformed = 65
	exitDefect    = 70
	exitChannel   = 74
	exitCannot    = 77
)

func main() { os.Exit(run()) }

// run starts up in order, serves, and says how it ended. What a panic has to say
// is not for the caller.
func run() (code int) {
	defer func() {
		if recover() != nil {
			say(serve.ErrDefect)
			code = exitDefect
		}
	}()
	debug.SetTraceback("none")
	signal.Ignore(unix.SIGHUP, unix.SIGINT, unix.SIGQUIT, unix.SIGTERM, unix.SIGPIPE, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU)
	if err := privilege.GuardStderr(); err != nil {
		return exitCannot
	}
	c, err := channel.New(0, 1)
	if err != nil {
		say(err)
		return exitCannot
	}
	session, err := start(c)
	if err != nil {
		return cannot(c, err)
	}
	err = aside(session.Serve)
	if failed := session.Log.Write(audit.Record{Event: audit.End, Message: err.Error()}); failed != nil {
		say(failed)
	}
	return exitCode(err)
}

// aside calls serve on another thread than the main one, which stays what it is.
// A goroutine that is bound to no thread costs the scheduler less.
func aside(session func() error) error {
	ended := make(chan error)
	go func() {
		err := serve.ErrDefect // what a panic leaves
		defer func() {
			_ = recover()
			ended <- err
		}()
		err = session()
	}()
	return <-ended
}

// cannot tells the caller, in its own way and for people, why there is no session.
func cannot(c *channel.Channel, why error) int {
	say(why)
	if err := refuse(c, why); err != nil {
		say(err)
	}
	var usage usageError
	if errors.As(why, &usage) {
		return exitUsage
	}
	return exitCannot
}

func exitCode(err error) int {
	switch {
	case errors.Is(err, serve.ErrMalformed):
		return exitMalformed
	case errors.Is(err, serve.ErrDefect):
		return exitDefect
	case errors.Is(err, channel.ErrHungUp), errors.Is(err, serve.ErrIdle):
		return 0
	}
	say(err)
	return exitChannel
}

// say writes a line to stderr, which may well be gone.
func say(err error) { fmt.Fprintln(os.Stderr, "nethelper:", err) }
