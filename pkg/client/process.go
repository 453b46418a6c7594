package client

import (
	"errors"
	"os"
	"os/exec"
	"time"

	"golang.org/x/sys/unix"
)

// spawn starts the helper's process, with pipes and an empty environment.
func (s *session) spawn() error {
	stdin, in, err := os.Pipe()
	if err != nil {
		return err
	}
	defer stdin.Close()
	out, stdout, err := os.Pipe()
	if err != nil {
		return errors.Join(err, in.Close())
	}
	defer stdout.Close()
	widen(out)
	s.in, s.out = in, out
	s.cmd = &exec.Cmd{
		Path: s.config.Path, Args: append([]string{s.config.Path}, s.config.Args...), Env: []string{},
		Stdin: stdin, Stdout: stdout, Stderr: s.stderr, WaitDelay: time.Second,
	}
	if err := s.cmd.Start(); err != nil {
		return errors.Join(err, in.Close(), out.Close())
	}
	return nil
}

// replyPipe is how many bytes of replies the pipe is to hold, so that the helper can
// go on while some are read.
const replyPipe = 256 << 10

// widen makes a pipe hold more, if the user may have so much in pipes (pipe(7)).
func widen(pipe *os.File) {
	conn, err := pipe.SyscallConn()
	if err != nil {
		return
	}
	_ = conn.Control(func(fd uintptr) {
		_, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, replyPipe)
	})
}

// reap waits for the process to end, now that its pipes are closed. Killing it
// is the last means, and fails if it has another uid.
func (s *session) reap() *os.ProcessState {
	select {
	case <-s.exited:
		return s.cmd.ProcessState
	case <-time.After(s.limits.exit):
	}
	s.cmd.Process.Kill()
	select {
	case <-s.exited:
		return s.cmd.ProcessState
	case <-time.After(s.limits.exit / 5):
		return nil
	}
}
