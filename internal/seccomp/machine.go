package seccomp

import (
	"fmt"
	"runtime"

	"golang.org/x/sys/unix"
)

// A machine is what of a filter depends on the architecture.
type machine struct {
	// audit is how the kernel names the calling convention (linux/audit.h).
	audit uint32
	// threadFlags are the flags of clone(2) with which the Go runtime starts a
	// thread.
	threadFlags uint64
	// directory and noFollow are O_DIRECTORY and O_NOFOLLOW.
	directory, noFollow uint64
	// numbers are those of the calls in the table.
	numbers map[string]uint32
}

// goThread is what the runtime asks of clone(2) everywhere (runtime/os_linux.go).
const goThread = unix.CLONE_VM | unix.CLONE_FS | unix.CLONE_FILES | unix.CLONE_SIGHAND | unix.CLONE_SYSVSEM | unix.CLONE_THREAD

// machines are the architectures that there is a filter for, as runtime.GOARCH
// calls them. Both are little-endian.
var machines = map[string]machine{
	"amd64": {
		audit:       unix.AUDIT_ARCH_X86_64,
		threadFlags: goThread | unix.CLONE_SETTLS, // runtime/sys_linux_amd64.s
		directory:   0o200000,
		noFollow:    0o400000,
		numbers: map[string]uint32{
			"read":              0,
			"write":             1,
			"close":             3,
			"fstat":             5,
			"mmap":              9,
			"munmap":            11,
			"rt_sigaction":      13,
			"rt_sigprocmask":    14,
			"rt_sigreturn":      15,
			"ioctl":             16,
			"sched_yield":       24,
			"madvise":           28,
			"nanosleep":         35,
			"getpid":            39,
			"socket":            41,
			"connect":           42,
			"setsockopt":        54,
			"clone":             56,
			"exit":              60,
			"fcntl":             72,
			"flock":             73,
			"fchdir":            81,
			"fchmod":            91,
			"sigaltstack":       131,
			"fstatfs":           138,
			"prctl":             157,
			"umount2":           166,
			"gettid":            186,
			"futex":             202,
			"getdents64":        217,
			"restart_syscall":   219,
			"clock_gettime":     228,
			"exit_group":        231,
			"epoll_ctl":         233,
			"tgkill":            234,
			"openat":            257,
			"mkdirat":           258,
			"newfstatat":        262,
			"unlinkat":          263,
			"inotify_add_watch": 254,
			"inotify_init1":     294,
			"ppoll":             271,
			"unshare":           272,
			"epoll_pwait":       281,
			"eventfd2":          290,
			"epoll_create1":     291,
			"name_to_handle_at": 303,
			"open_by_handle_at": 304,
			"setns":             308,
			"pwritev2":          328,
			"getrandom":         318,
			"open_tree":         428,
			"move_mount":        429,
			"mount_setattr":     442,
		},
	},
	"arm64": {
		audit:       unix.AUDIT_ARCH_AARCH64,
		threadFlags: goThread,
		directory:   0o40000,
		noFollow:    0o100000,
		numbers: map[string]uint32{
			"eventfd2":          19,
			"epoll_create1":     20,
			"epoll_ctl":         21,
			"epoll_pwait":       22,
			"fcntl":             25,
			"inotify_init1":     26,
			"inotify_add_watch": 27,
			"ioctl":             29,
			"flock":             32,
			"mkdirat":           34,
			"unlinkat":          35,
			"umount2":           39,
			"fstatfs":           44,
			"fchdir":            50,
			"fchmod":            52,
			"openat":            56,
			"close":             57,
			"getdents64":        61,
			"read":              63,
			"write":             64,
			"ppoll":             73,
			"newfstatat":        79,
			"fstat":             80,
			"exit":              93,
			"exit_group":        94,
			"unshare":           97,
			"futex":             98,
			"nanosleep":         101,
			"clock_gettime":     113,
			"sched_yield":       124,
			"restart_syscall":   128,
			"tgkill":            131,
			"sigaltstack":       132,
			"rt_sigaction":      134,
			"rt_sigprocmask":    135,
			"rt_sigreturn":      139,
			"prctl":             167,
			"getpid":            172,
			"gettid":            178,
			"socket":            198,
			"connect":           203,
			"setsockopt":        208,
			"munmap":            215,
			"clone":             220,
			"mmap":              222,
			"madvise":           233,
			"name_to_handle_at": 264,
			"open_by_handle_at": 265,
			"setns":             268,
			"getrandom":         278,
			"pwritev2":          287,
			"open_tree":         428,
			"move_mount":        429,
			"mount_setattr":     442,
		},
	},
}

// native returns the machine that this program was built for.
func native() (machine, error) {
	m, ok := machines[runtime.GOARCH]
	if !ok {
		return machine{}, fmt.Errorf("seccomp: there is no filter for the architecture %s", runtime.GOARCH)
	}
	return m, nil
}
