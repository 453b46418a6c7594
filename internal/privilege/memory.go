package privilege

import (
	"fmt"
	"runtime/debug"

	"golang.org/x/sys/unix"
)

const (
	// arena is what the Go runtime asks for at a time when the heap grows. The kernel
	// counts all of it as data (RLIMIT_DATA, getrlimit(2)).
	arena = 64 << 20
	// besides is more than what the runtime and the stacks of threads take beside the
	// heap.
	besides = 32 << 20
)

// LimitMemory has the collector keep the heap within a number of bytes, and the
// kernel refuse what goes beyond the arenas that this takes: then the process ends.
func LimitMemory(bytes uint64) error {
	debug.SetMemoryLimit(int64(bytes))
	most := (bytes+arena-1)/arena*arena + besides
	var now unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_DATA, &now); err != nil {
		return fmt.Errorf("getrlimit RLIMIT_DATA: %w", err)
	}
	if now.Max <= most {
		return nil
	}
	if err := unix.Setrlimit(unix.RLIMIT_DATA, &unix.Rlimit{Cur: most, Max: most}); err != nil {
		return fmt.Errorf("setrlimit RLIMIT_DATA: %w", err)
	}
	return nil
}
