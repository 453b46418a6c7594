package privilege

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A Handover is what stage 0 tells stage 1.
type Handover struct {
	Caller Caller
	// Audit is the descriptor of the audit log.
	Audit int
	// Slot is the descriptor that holds the caller's slot, or NoSlot. Stage 1 has
	// nothing to do with it but to keep it open.
	Slot int
	// Quota is the descriptor of the lock for quotas, or NoLock.
	Quota int
	// Policy is the digest of the policy by which stage 0 has opened those.
	Policy string
	// Repaired is what stage 0 found amiss and put right.
	Repaired []string
}

// NoSlot and NoLock are those of a helper that takes none.
const (
	NoSlot = -1
	NoLock = -1
)

const (
	handoverVariable = "NETHELPER_HANDOVER"
	// threads bounds what the Go runtime runs at once. There is one session, and a
	// runtime that may run more wakes a thread to look for it at every turn.
	threads = "GOMAXPROCS=1"
	// silent keeps to itself what a fault has to say. In secure mode the runtime
	// sets this anyway.
	silent = "GOTRACEBACK=none"
)

// exec executes the binary again, with an environment that is nothing but h.
func (h Handover) exec() error {
	for _, fd := range h.descriptors() {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_SETFD, 0); err != nil {
			return err
		}
	}
	return syscall.Exec("/proc/self/exe", []string{"nethelper"}, []string{threads, silent, handoverVariable + "=" + h.text()})
}

func (h Handover) descriptors() []int {
	fds := []int{h.Audit}
	if h.Slot != NoSlot {
		fds = append(fds, h.Slot)
	}
	if h.Quota != NoLock {
		fds = append(fds, h.Quota)
	}
	return fds
}

// told reports whether the environment claims to be that of stage 0.
func told() bool {
	_, ok := os.LookupEnv(handoverVariable)
	return ok
}

// Receive returns what stage 0 told. It is to be called by stage 1 only:
// anybody else's environment is the caller's.
func Receive() (Handover, error) {
	text, ok := os.LookupEnv(handoverVariable)
	if !ok || len(os.Environ()) != 3 {
		return Handover{}, errForeign
	}
	h, err := parseHandover(text)
	if err != nil {
		return Handover{}, err
	}
	for _, fd := range h.descriptors() {
		unix.CloseOnExec(fd)
	}
	return h, takeName()
}

// errForeign is returned for an environment that stage 0 did not make.
var errForeign = errors.New("the environment is not that of stage 0")

// takeName calls the process by the name of its program. After an exec of
// /proc/self/exe it is called exe, in ps(1) and in the log of the kernel.
func takeName() error {
	name := []byte("nethelper\x00")
	if err := unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(&name[0])), 0, 0, 0); err != nil {
		return fmt.Errorf("prctl(PR_SET_NAME): %w", err)
	}
	return nil
}
