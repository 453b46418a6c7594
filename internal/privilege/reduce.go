package privilege

import (
	"fmt"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Reduce leaves a process that gained nothing at exec with what is needed. It
// stays the user it is.
func Reduce(n Need) error {
	held, err := current()
	if err != nil {
		return err
	}
	if missing := n.Caps.Without(held.permitted); missing != 0 {
		return fmt.Errorf("the policy asks for %s, which the helper does not hold: "+
			"start it as root, with ambient capabilities, or as root of a user namespace", missing)
	}
	if n.Root && unix.Geteuid() != 0 {
		return fmt.Errorf("the policy asks for operations that need uid 0: start the helper as root")
	}
	if _, _, errno := syscall.AllThreadsSyscall6(unix.SYS_PRCTL, unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0); errno != 0 {
		return fmt.Errorf("no_new_privs: %w", errno)
	}
	return limitThreads(n.Caps)
}

// limitThreads gives all threads c as their effective and permitted set and
// nothing to inherit, which empties the ambient set as well.
func limitThreads(c Caps) error {
	header, data := sets{effective: c, permitted: c}.encode()
	if _, _, errno := syscall.AllThreadsSyscall(unix.SYS_CAPSET, uintptr(unsafe.Pointer(header)), uintptr(unsafe.Pointer(&data[0])), 0); errno != 0 {
		return fmt.Errorf("capset: %w", errno)
	}
	return nil
}
