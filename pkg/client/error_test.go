package client

import (
	"errors"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"nethelper/pkg/protocol"
)

// Each way in which a helper can end a session is told apart, says whether the
// request may have run, and is followed by a helper that serves.
func TestHelperEnds(t *testing.T) {
	for _, c := range []struct {
		behaviour string
		cause     func(error) bool
		mayRun    bool
		text      []string
	}{
		{"die-in-request", is(io.EOF), true, []string{"it ended", "exit status 7", "last \uFFFD[31mline", "not known"}},
		{"killed-in-request", is(io.EOF), true, []string{"signal: killed", "not known"}},
		{"garbage", as[*protocol.FrameError], true, []string{"malformed frame"}},
		{"huge", as[*protocol.FrameError], true, []string{"limit"}},
		{"half", as[*protocol.FrameError], true, []string{"truncated", "exit status 0"}},
		{"not-strict", as[*ReplyError], true, []string{"deterministic"}},
		{"wrong-id", as[*ReplyError], true, []string{"id 2"}},
		{"malformed", as[*protocol.Error], false, []string{"not a request"}},
		{"die-before-hello", is(io.EOF), false, []string{"no hello", "exit status 2", "RLIMIT_AS"}},
		{"no-hello", as[*ReplyError], false, []string{"no hello"}},
		{"other-version", as[*VersionError], false, []string{"version 2"}},
		{"silent", is(os.ErrDeadlineExceeded), false, []string{"no hello", "said nothing"}},
	} {
		t.Run(c.behaviour, func(t *testing.T) {
			t.Parallel()
			// What a helper refused to read is sent to another one, once.
			names := []string{c.behaviour, "serve"}
			if c.behaviour == "malformed" {
				names = []string{c.behaviour, c.behaviour, "serve"}
			}
			client, _ := newFake(t, func(c *Client) { c.limits.hello = 200 * time.Millisecond }, names...)
			_, err := Call(t.Context(), client, echo, label{})
			var e *HelperError
			if !errors.As(err, &e) || !c.cause(e.Err) || e.MayHaveRun != c.mayRun {
				t.Fatalf("got %#v", err)
			}
			for _, text := range c.text {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("%q is not in %q", text, err)
				}
			}
			client.limits.hello = usualLimits.hello
			if got, err := Call(t.Context(), client, echo, label{N: 9}); err != nil || got.N != 9 {
				t.Errorf("the next call: %v, %v", got, err)
			}
		})
	}
}

func is(target error) func(error) bool { return func(err error) bool { return errors.Is(err, target) } }

func as[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

func TestHelperStateTellsTheSignal(t *testing.T) {
	c, _ := newFake(t, nil, "killed-in-request")
	_, err := Call(t.Context(), c, echo, label{})
	var e *HelperError
	if !errors.As(err, &e) || e.State == nil || e.State.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Errorf("got %#v", err)
	}
}

// A reply too many comes when nobody waits for it. It ends the session, and the
// next call is served by the next helper.
func TestReplyTooMany(t *testing.T) {
	c, dir := newFake(t, nil, "twice", "serve")
	if _, err := Call(t.Context(), c, echo, label{N: 1}); err != nil {
		t.Fatal(err)
	}
	for starts(t, dir) == 1 {
		if got, err := Call(t.Context(), c, echo, label{N: 2}); err == nil && got.N != 2 {
			t.Fatalf("echo of 2: %v", got)
		}
	}
}

// What was provably not sent is sent to another helper, unnoticed by the caller.
func TestUnsentRequestIsSentAgain(t *testing.T) {
	for _, behaviour := range []string{"die-after-hello", "closed-ear"} {
		t.Run(behaviour, func(t *testing.T) {
			c, dir := newFake(t, func(c *Client) { c.limits.exit = 50 * time.Millisecond }, behaviour, "serve")
			first, err := c.Hello(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			<-helperGone(c, behaviour)
			if got, err := Call(t.Context(), c, echo, label{N: 1}); err != nil || got.N != 1 {
				t.Errorf("echo: %v, %v", got, err)
			}
			if n := starts(t, dir); n != 2 {
				t.Errorf("%d helpers were started, want 2 (the first was %q)", n, first.Build)
			}
		})
	}
}

func TestHelperThatNeverLastsIsNotStartedForEver(t *testing.T) {
	c, dir := newFake(t, nil, "die-after-hello")
	_, err := Call(t.Context(), c, echo, label{})
	var e *HelperError
	if !errors.As(err, &e) || !e.Served {
		t.Errorf("got %#v", err)
	}
	if n := starts(t, dir); n > 2*sendTries {
		t.Errorf("%d helpers were started", n)
	}
}

// helperGone is closed when the current helper reads no more.
func helperGone(c *Client, behaviour string) <-chan struct{} {
	if behaviour == "die-after-hello" {
		return c.current.exited
	}
	closed := make(chan struct{})
	close(closed)
	return closed
}

func TestUnavailable(t *testing.T) {
	c, dir := newFake(t, nil, "unavailable", "serve")
	_, err := c.Hello(t.Context())
	var e *UnavailableError
	var why *protocol.Error
	if !errors.As(err, &e) || !errors.As(err, &why) || why.Code != protocol.Unavailable {
		t.Fatalf("got %#v", err)
	}
	if !strings.Contains(err.Error(), "nosuid") {
		t.Errorf("%q does not say why", err)
	}
	if n := starts(t, dir); n != 1 {
		t.Errorf("%d helpers were started, want 1", n)
	}
	if _, err := Call(t.Context(), c, echo, label{}); err != nil {
		t.Errorf("the next call: %v", err)
	}
}

func TestNoSuchHelper(t *testing.T) {
	c := New(Config{Path: t.TempDir() + "/none"})
	_, err := Call(t.Context(), c, echo, label{})
	var e *HelperError
	if !errors.As(err, &e) || !errors.Is(err, os.ErrNotExist) || e.MayHaveRun || e.State != nil {
		t.Errorf("got %#v", err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

func TestHelperThatMayNotBeExecuted(t *testing.T) {
	path := t.TempDir() + "/helper"
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Call(t.Context(), New(Config{Path: path}), echo, label{})
	if !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), "group") {
		t.Errorf("got %v", err)
	}
}
