// Package sandbox executes the tests of a package in namespaces of their own, so
// that they are root there and nothing outside is touched. Only tests import it.
package sandbox

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

// insideEnv tells the second execution of the test binary that it is the second.
const insideEnv = "NETHELPER_TEST_INSIDE"

// Inside reports whether the process is the one that [Again] started.
func Inside() bool { return os.Getenv(insideEnv) != "" }

// Again executes the test binary again, in the new namespaces that the flags name
// (CLONE_NEW*, clone(2)), and returns its exit code. Where no namespaces can be
// had, every test is skipped.
func Again(flags uintptr) int {
	cmd := exec.Command("/proc/self/exe", os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), insideEnv+"=1")
	cmd.SysProcAttr = Attr(flags)
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return exit.ExitCode()
	case errors.Is(err, syscall.EPERM), errors.Is(err, syscall.ENOSPC):
		fmt.Println("every test skipped: no namespaces here:", err)
		return 0
	case err != nil:
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// Attr is for a process in new namespaces, which does not outlive its parent. That
// of an ordinary user gets a user namespace besides, in which it is root.
func Attr(flags uintptr) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Cloneflags: flags, Pdeathsig: syscall.SIGKILL}
	if os.Getuid() != 0 {
		a.Cloneflags |= syscall.CLONE_NEWUSER
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		a.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	return a
}
