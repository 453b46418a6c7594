// Package test holds the tests of the shipped programs on the real kernel.
//
// TestMain builds both programs and executes the test binary again in mount and
// network namespaces of its own; an ordinary user gets a user namespace besides,
// in which it is root. Nothing outside these namespaces is touched.
package test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// binEnv names the folder of the programs, and tells the second execution that
// it is the second.
const binEnv = "NETHELPER_TEST_BIN"

func TestMain(m *testing.M) {
	if os.Getenv(binEnv) == "" {
		os.Exit(outside())
	}
	if err := inside(); err != nil {
		fmt.Fprintln(os.Stderr, "test:", err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// outside builds the programs and runs the tests in namespaces.
func outside() int {
	bin, err := os.MkdirTemp("", "nethelper-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "test:", err)
		return 1
	}
	defer os.RemoveAll(bin)
	if err := build(bin); err != nil {
		fmt.Fprintln(os.Stderr, "test:", err)
		return 1
	}
	self, err := os.Executable()
	if err != nil {
		fmt.Fprintln(os.Stderr, "test:", err)
		return 1
	}
	cmd := exec.Command(self, os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), binEnv+"="+bin)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET,
		Pdeathsig:  syscall.SIGKILL,
	}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return exit.ExitCode()
	case err != nil:
		fmt.Fprintln(os.Stderr, "test: no namespaces here:", err)
		return 1
	}
	return 0
}

func build(bin string) error {
	if err := os.Chmod(bin, 0o755); err != nil {
		return err
	}
	for name, pkg := range map[string]string{"nethelper": "nethelper/cmd/nethelper", "nethelperctl": "nethelper/cmd/client"} {
		cmd := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(bin, name), pkg)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		cmd.Stderr = os.Stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("build %s: %w", pkg, err)
		}
	}
	return nil
}

// inside makes the mounts of this process its own, with an empty /run.
func inside() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("private mounts: %w", err)
	}
	return emptyRun()
}

// emptyRun mounts a file system of its own on /run, where named namespaces live.
// What the machine has mounted below is not for the tests to see.
func emptyRun() error {
	for unix.Unmount("/run/netns", unix.MNT_DETACH|unix.UMOUNT_NOFOLLOW) == nil {
	}
	if err := unix.Mount("tmpfs", "/run", "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=755"); err != nil {
		return fmt.Errorf("/run: %w", err)
	}
	return nil
}
