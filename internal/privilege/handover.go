package privilege

import (
	"encoding/json"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// A Handover is what stage 0 tells stage 1.
type Handover struct {
	Caller Caller `json:"caller"`
	// Audit is the descriptor of the audit log.
	Audit int `json:"audit"`
	// Slot is the descriptor that holds the caller's slot. Stage 1 has nothing to
	// do with it but to keep it open.
	Slot int `json:"slot"`
	// Repaired is what stage 0 found amiss and put right.
	Repaired []string `json:"repaired"`
}

const (
	handoverVariable = "NETHELPER_HANDOVER"
	// threads bounds what the Go runtime runs at once: one request, and itself.
	threads = "GOMAXPROCS=2"
)

// exec executes the binary again, with an environment that is nothing but h.
func (h Handover) exec() error {
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	for _, fd := range []int{h.Audit, h.Slot} {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_SETFD, 0); err != nil {
			return err
		}
	}
	return syscall.Exec("/proc/self/exe", []string{"nethelper"}, []string{threads, handoverVariable + "=" + string(text)})
}

// Receive returns what stage 0 told. It is to be called by stage 1 only:
// anybody else's environment is the caller's.
func Receive() (Handover, error) {
	var h Handover
	text, ok := os.LookupEnv(handoverVariable)
	if !ok || len(os.Environ()) != 2 {
		return h, fmt.Errorf("the environment is not that of stage 0")
	}
	if err := json.Unmarshal([]byte(text), &h); err != nil {
		return h, fmt.Errorf("the environment is not that of stage 0: %w", err)
	}
	unix.CloseOnExec(h.Audit)
	unix.CloseOnExec(h.Slot)
	return h, nil
}
