// Package stage prepares where the benchmarks run: namespaces of their own, in
// which the helper is installed as on a real machine, with users who may start it.
// All of it ends with the process that is the first in its process namespace.
package stage

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// dirEnv names the folder for what goes to disk, and tells the second execution of
// the program that it is inside.
const dirEnv = "NETHELPER_BENCH_DIR"

// Inside reports whether the process is inside.
func Inside() bool { return os.Getenv(dirEnv) != "" }

// Enter executes the program again inside and returns its exit code. What the
// kernel knows of it goes when that process has ended, and the folder is removed.
func Enter() (code int, err error) {
	if os.Geteuid() != 0 {
		return 1, errors.New("it takes root, to install the helper in namespaces of its own")
	}
	dir, err := os.MkdirTemp("", "nethelper-bench-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o755); err != nil {
		return 1, err
	}
	runtime.LockOSThread() // Pdeathsig is sent when the thread ends
	defer runtime.UnlockOSThread()
	cmd := exec.Command("/proc/self/exe", os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), dirEnv+"="+dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID,
		Pdeathsig:  syscall.SIGKILL,
	}
	if err := cmd.Start(); err != nil {
		return 1, fmt.Errorf("no namespaces here: %w", err)
	}
	// Whoever ends this process means that one, which cleans up before it ends.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		for s := range signals {
			_ = cmd.Process.Signal(s) // it may have ended by itself
		}
	}()
	var exit *exec.ExitError
	if err := cmd.Wait(); errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), nil
	} else if err != nil {
		return 1, err
	}
	return 0, nil
}

// The folders that the benchmarks see instead of the machine's.
const (
	etc    = "/run/bench/etc"
	logs   = "/var/log"
	audit  = logs + "/nethelper/audit.log"
	Dir    = "/run/bench" // programs
	Helper = "/run/libexec/nethelper"
)

// mounts makes the mounts of this process its own, and gives it a /run, an /etc
// and a /var/log that nobody else sees. The log is on disk, as a log is.
func mounts() error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("private mounts: %w", err)
	}
	if err := unix.Mount("proc", "/proc", "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("/proc: %w", err)
	}
	if err := unix.Mount("tmpfs", "/run", "tmpfs", unix.MS_NODEV, "mode=755"); err != nil {
		return fmt.Errorf("/run: %w", err)
	}
	onDisk := filepath.Join(os.Getenv(dirEnv), "log")
	for _, dir := range []string{etc, filepath.Dir(Helper), filepath.Join(onDisk, "nethelper")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	// Peers read what is in /etc, so it is a copy, with more in it.
	if out, err := exec.Command("cp", "-a", "/etc/.", etc).CombinedOutput(); err != nil {
		return fmt.Errorf("copy of /etc: %w\n%s", err, out)
	}
	for target, source := range map[string]string{"/etc": etc, logs: onDisk} {
		if err := unix.Mount(source, target, "", unix.MS_BIND, ""); err != nil {
			return fmt.Errorf("%s: %w", target, err)
		}
	}
	return nil
}
