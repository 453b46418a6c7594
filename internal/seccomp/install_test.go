package seccomp

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Without no_new_privs nothing is installed, also by a process that may.
func TestNoNewPrivs(t *testing.T) {
	err := Install(None)
	if want := "seccomp: no_new_privs is not set"; !cgo && (err == nil || err.Error() != want) {
		t.Errorf("error %v, want %s", err, want)
	}
	if cgo && err == nil {
		t.Error("installed in a program that is built with cgo")
	}
}

// A thread that cannot be brought under the filter is told of, and the others
// are not brought under it either.
func TestForeignThread(t *testing.T) {
	needPureGo(t)
	cmd := child("foreign", None.String())
	var stderr strings.Builder
	cmd.Stderr = &stderr
	start(t, cmd)
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, &stderr)
	}
}

// foreign is a process in which one thread has a filter, and another installs one.
func foreign(p Profile) error {
	installed, finish := make(chan error), make(chan struct{})
	defer close(finish)
	id := 0
	go func() {
		runtime.LockOSThread()
		id = unix.Gettid()
		installed <- allowAll()
		<-finish
	}()
	if err := <-installed; err != nil {
		return err
	}
	err := confine(p)
	if want := fmt.Sprintf("seccomp: thread %d has a filter of its own", id); err == nil || err.Error() != want {
		return fmt.Errorf("error %v, want %s", err, want)
	}
	return unix.Setpriority(unix.PRIO_PROCESS, 0, 0) // which the filter does not have
}

// allowAll installs a filter for the calling thread.
func allowAll() error {
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	filter := unix.SockFprog{Len: 1, Filter: &allow}
	if _, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&filter))); errno != 0 {
		return errno
	}
	return nil
}
