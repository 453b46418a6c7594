package client

import (
	"errors"
	"os"
	"os/exec"
	"time"
)

// spawn starts the helper's process, with pipes and an empty environment.
func (s *session) spawn() error {
	stdin, in, err := os.Pipe()
	if err != nil {
		return err
	}
	defer stdin.Close()
	replies, stdout, err := pipeReplies()
	if err != nil {
		return errors.Join(err, in.Close())
	}
	defer stdout.Close()
	s.in, s.replies = in, replies
	s.cmd = &exec.Cmd{
		Path: s.config.Path, Args: append([]string{s.config.Path}, s.config.Args...), Env: []string{},
		Stdin: stdin, Stdout: stdout, Stderr: s.stderr, WaitDelay: time.Second,
	}
	if err := s.cmd.Start(); err != nil {
		return errors.Join(err, in.Close(), replies.Close())
	}
	return nil
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
