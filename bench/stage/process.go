package stage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"syscall"
	"time"
)

// A Process says how a program is run.
type Process struct {
	Argv  []string
	User  *User  // nil is root
	Netns string // "" is that of the stage
	// Pinned binds it, and all that it starts, to one CPU.
	Pinned bool
}

// grace is how long a process that is to end has for it.
const grace = 3 * time.Second

// Output runs the program and returns what it prints. When ctx is done, the
// program and what it has started is ended.
func (p Process) Output(ctx context.Context) (string, error) {
	cmd := exec.CommandContext(ctx, p.Argv[0], p.Argv[1:]...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "HOME=/nonexistent"}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: p.User.credential()}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = grace
	if err := within(p.Netns, p.Pinned, cmd.Start); err != nil {
		return "", err
	}
	err := cmd.Wait()
	// What it left behind would disturb whoever is next.
	if left := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); left != nil && !errors.Is(left, syscall.ESRCH) {
		err = errors.Join(err, left)
	}
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return "", errors.New("it took too long")
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return "", fmt.Errorf("%w: %s", err, lastLine(stderr.Bytes()))
	}
	return stdout.String(), nil
}

func lastLine(text []byte) []byte {
	text = bytes.TrimSpace(text)
	return text[bytes.LastIndexByte(text, '\n')+1:]
}
