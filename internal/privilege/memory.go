package privilege

import (
	"fmt"
	"os"
	"runtime"
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

// LimitMemory bounds what the process takes from now on to a number of bytes, beside
// what it has taken already, which is the policy's, and as much again, since another
// policy can take its place. The collector keeps the heap so small; the kernel refuse
// what goes beyond the arenas that this takes, and then the process ends.
func LimitMemory(bytes uint64) error {
	var heap runtime.MemStats
	runtime.ReadMemStats(&heap)
	debug.SetMemoryLimit(int64(bytes + 2*heap.HeapAlloc))

	data, err := dataSize()
	if err != nil {
		return err
	}
	most := 2*data + (bytes+arena-1)/arena*arena + besides
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

// dataSize returns how many bytes of data the process has (proc_pid_statm(5)).
func dataSize() (uint64, error) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, err
	}
	var size, resident, shared, code, library, data uint64
	if _, err := fmt.Sscan(string(text), &size, &resident, &shared, &code, &library, &data); err != nil {
		return 0, fmt.Errorf("/proc/self/statm: %w", err)
	}
	return data * uint64(os.Getpagesize()), nil
}
