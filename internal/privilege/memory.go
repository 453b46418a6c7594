package privilege

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"

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
// policy can take its place. The collector keeps the heap so small; the kernel refuses
// what goes beyond the arenas that this takes, and then the process ends.
func LimitMemory(bytes uint64) error {
	data, used, err := memory()
	if err != nil {
		return fmt.Errorf("/proc/self/statm: %w", err)
	}
	debug.SetMemoryLimit(int64(bytes + 2*used))
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

// memory returns how many bytes of data the process has, and how many of its own it
// uses (proc_pid_statm(5)).
func memory() (data, used uint64, err error) {
	fd, err := unix.Open("/proc/self/statm", unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, 0, err
	}
	var text [256]byte
	n, err := unix.Read(fd, text[:])
	if err := errors.Join(err, unix.Close(fd)); err != nil {
		return 0, 0, err
	}
	var pages [6]uint64 // size, resident, shared, text, lib, data
	fields := strings.Fields(string(text[:n]))
	if len(fields) < len(pages) {
		return 0, 0, errors.New("fewer numbers than there should be")
	}
	for i := range pages {
		if pages[i], err = strconv.ParseUint(fields[i], 10, 64); err != nil {
			return 0, 0, err
		}
	}
	page := uint64(unix.Getpagesize())
	return pages[5] * page, (pages[1] - min(pages[1], pages[2])) * page, nil
}
