package seccomp

// Operations of futex(2), on memory of one process (linux/futex.h).
const (
	futexWaitPrivate = 0 | 128
	futexWakePrivate = 1 | 128
)
