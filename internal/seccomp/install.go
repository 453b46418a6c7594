package seccomp

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Supported says why no filter can be installed in this program, if so.
func Supported() error {
	if cgo {
		return errors.New("the helper was built with cgo, which starts threads in ways that cannot be confined: build it with CGO_ENABLED=0, as make does")
	}
	return nil
}

// Install puts the filter of a profile over all threads of the process, for
// ever. The process must have set no_new_privs.
//
// From then on the process can open nothing but what the table says. In
// particular package os opens no files, and AllThreadsSyscall and os/exec end it.
func Install(p Profile) error {
	if err := Supported(); err != nil {
		return err
	}
	program, err := Program(p)
	if err != nil {
		return err
	}
	runtime.LockOSThread() // no_new_privs is a thread's
	defer runtime.UnlockOSThread()
	set, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
	if err != nil {
		return fmt.Errorf("seccomp: no_new_privs: %w", err)
	}
	if set != 1 {
		return errors.New("seccomp: no_new_privs is not set")
	}
	pinThreads()
	filter := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	thread, _, errno := unix.RawSyscall(unix.SYS_SECCOMP,
		unix.SECCOMP_SET_MODE_FILTER, unix.SECCOMP_FILTER_FLAG_TSYNC, uintptr(unsafe.Pointer(&filter)))
	if errno != 0 {
		return fmt.Errorf("seccomp: %w", errno)
	}
	// A thread that cannot be brought under the filter is not an error to the
	// kernel: it returns which one that is, and has changed nothing.
	if thread != 0 {
		return fmt.Errorf("seccomp: thread %d has a filter of its own", thread)
	}
	return nil
}

// pinThreads keeps the runtime from adapting the number of threads that run Go
// code to a limit that it reads from files again and again: what is set is not
// adapted.
func pinThreads() { runtime.GOMAXPROCS(runtime.GOMAXPROCS(0)) }
