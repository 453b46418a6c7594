package kernel

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"nethelper/internal/sandbox"

	"golang.org/x/sys/unix"
)

// TestMain executes the test binary again in namespaces of its own; an ordinary
// user gets a user namespace besides, in which it is root.
func TestMain(m *testing.M) {
	if !sandbox.Inside() {
		os.Exit(sandbox.Again(unix.CLONE_NEWNS | unix.CLONE_NEWNET))
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		fmt.Fprintln(os.Stderr, "kernel: private mounts:", err)
		os.Exit(1)
	}
	// What the machine has mounted there is not for the tests to see.
	for unix.Unmount(NetnsDir, unix.MNT_DETACH|unix.UMOUNT_NOFOLLOW) == nil {
	}
	var err error
	if startNetns, err = os.Readlink("/proc/self/ns/net"); err != nil {
		fmt.Fprintln(os.Stderr, "kernel:", err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// startNetns is the namespace in which the tests began.
var startNetns string

// newTask returns a task in a network namespace that is the test's own, with
// nothing in /run. The test keeps its thread, which ends with it.
func newTask(t *testing.T) *Task {
	t.Helper()
	runtime.LockOSThread()
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", "/run", "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=755"); err != nil {
		t.Fatal(err)
	}
	k, err := New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := k.Close(); err != nil {
			t.Error(err)
		}
		if err := unix.Unmount("/run", unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return k.Begin(Sleep)
}

// run executes a command line of words, which is to succeed, in the test's network
// namespace and returns what it prints.
func run(t *testing.T, line string) string {
	t.Helper()
	words := strings.Fields(line)
	out, err := exec.Command(words[0], words[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
	return string(out)
}

// descriptors returns the open descriptors of the process.
func descriptors(t *testing.T) map[string]string {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	open := make(map[string]string)
	for _, e := range entries {
		if target, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil {
			open[e.Name()] = target
		}
	}
	return open
}
