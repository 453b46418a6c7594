package seccomp

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// childEnv tells the test binary that it is to be a process under a filter, and
// which: the words are those of [child].
const childEnv = "NETHELPER_TEST_CHILD"

func TestMain(m *testing.M) {
	if words, ok := os.LookupEnv(childEnv); ok {
		if err := runChild(strings.Fields(words)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func runChild(words []string) error {
	switch p, err := ProfileNamed(words[1]); {
	case err != nil:
		return err
	case words[0] == "work":
		return work(p)
	case words[0] == "call":
		return callUnder(p, strings.Join(words[2:], " "))
	case words[0] == "foreign":
		return foreign(p)
	case words[0] == "cost":
		return cost(p)
	}
	return fmt.Errorf("no child is called %q", words[0])
}

// child is the test binary as a process that has namespaces of its own and
// nothing of the caller's environment.
func child(words ...string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = []string{childEnv + "=" + strings.Join(words, " ")}
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: unix.CLONE_NEWNET | unix.CLONE_NEWNS, Pdeathsig: unix.SIGKILL}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= unix.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	return cmd
}

// needPureGo skips a test whose processes could not live under a filter.
func needPureGo(t testing.TB) {
	t.Helper()
	if cgo {
		t.Skip("built with cgo: run with CGO_ENABLED=0")
	}
}

// start starts a child, or skips the test where no namespaces can be had.
func start(t testing.TB, cmd *exec.Cmd) {
	t.Helper()
	err := cmd.Start()
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOSPC) {
		t.Skip("no namespaces here: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// confine installs the filter of a profile, as the helper does.
func confine(p Profile) error {
	if _, _, errno := syscall.AllThreadsSyscall6(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0); errno != 0 {
		return errno
	}
	return Install(p)
}
