package test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A lab is a network and a mount namespace of a test's own, with a folder for its
// policy and its audit file. The test's goroutine is in it for good.
type lab struct {
	t         *testing.T
	work, bin string
	audit     string          // file of the audit records
	ctx       context.Context // ends what hangs
	env       []string
}

func newLab(t *testing.T, policy string) *lab {
	t.Helper()
	if err := ownNamespaces(); err != nil {
		t.Fatal(err)
	}
	work := t.TempDir()
	l := &lab{t: t, work: work, audit: filepath.Join(work, "audit"), bin: os.Getenv(binEnv)}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(cancel)
	l.ctx = ctx
	l.setPolicy(policy)
	l.env = append(os.Environ(),
		"PATH="+l.bin+string(filepath.ListSeparator)+os.Getenv("PATH"),
		"NETHELPER="+filepath.Join(l.bin, "nethelper"),
		"NETHELPER_POLICY="+filepath.Join(l.work, "policy"),
		"NETHELPER_AUDIT="+l.audit)
	return l
}

// ownNamespaces puts the calling goroutine, and every process that it starts,
// into a network and a mount namespace that nobody else is in. The thread is
// never unlocked, so it ends with the goroutine.
func ownNamespaces() error {
	runtime.LockOSThread()
	if err := unix.Unshare(unix.CLONE_NEWNET | unix.CLONE_NEWNS); err != nil {
		return fmt.Errorf("own namespaces: %w", err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("private mounts: %w", err)
	}
	return emptyRun()
}

func (l *lab) setPolicy(text string) {
	l.t.Helper()
	if err := os.WriteFile(filepath.Join(l.work, "policy"), []byte(strings.TrimSuffix(text, "\n")+"\n"), 0o644); err != nil {
		l.t.Fatal(err)
	}
}

func (l *lab) command(command string) *exec.Cmd {
	cmd := exec.CommandContext(l.ctx, "sh", "-c", command)
	cmd.Dir, cmd.Env = l.work, l.env
	return cmd
}

// sh runs a command in a shell that has both programs on PATH, as a script has,
// and returns what it prints. A command that fails ends the test.
func (l *lab) sh(command string) string {
	l.t.Helper()
	out, err := l.command("set -e\n" + command).Output()
	if err != nil {
		l.t.Fatalf("%s: %v", command, err)
	}
	return string(out)
}

// start starts a helper of the lab, as an ordinary caller does, and leaves its
// hello to be read.
func (l *lab) start() *conversation {
	l.t.Helper()
	m := &machine{T: l.t, helper: filepath.Join(l.bin, "nethelper")}
	in, to, err := os.Pipe()
	m.must(err)
	from, out, err := os.Pipe()
	m.must(err)
	c := &conversation{machine: m, to: to, from: from}
	c.cmd = exec.Command(m.helper, "--policy", filepath.Join(l.work, "policy"), "--audit", l.audit)
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = in, out, &c.stderr
	m.must(c.cmd.Start())
	m.must(in.Close())
	m.must(out.Close())
	m.must(from.SetReadDeadline(time.Now().Add(20 * time.Second)))
	l.t.Cleanup(func() { c.hangUp() })
	return c
}
