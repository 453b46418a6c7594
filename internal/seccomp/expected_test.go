package seccomp

import "golang.org/x/sys/unix"

const testPID = 4711

// What Go passes to clone(2) for a thread, and to openat(2) for a directory.
var (
	threadFlags   = map[string]uint64{"amd64": 0xd0f00, "arm64": 0x50f00}
	openDirectory = map[string]uint64{"amd64": 0x90000, "arm64": 0x84000} // with O_CLOEXEC
	noFollow      = map[string]uint64{"amd64": 0x20000, "arm64": 0x8000}
)

// expected says, apart from the table and from how it becomes a program, what a
// profile is to allow.
func expected(arch string, p Profile, name string, a [6]uint64) bool {
	switch name {
	case "nanosleep", "sched_yield", "restart_syscall", "clock_gettime", "getrandom",
		"epoll_create1", "eventfd2", "epoll_ctl", "epoll_pwait", "munmap",
		"gettid", "getpid", "sigaltstack", "exit", "exit_group",
		"rt_sigaction", "rt_sigprocmask", "rt_sigreturn",
		"ppoll", "read", "write", "close",
		"fstat", "getdents64", "fstatfs", "inotify_add_watch":
		return true
	case "futex":
		return a[1] == 0x80 || a[1] == 0x81 // FUTEX_WAIT and FUTEX_WAKE with FUTEX_PRIVATE_FLAG
	case "mmap":
		return a[2] <= 3 && a[3]&0x20 != 0 // no PROT_EXEC; MAP_ANONYMOUS
	case "madvise":
		return a[2] == unix.MADV_DONTNEED || a[2] == unix.MADV_FREE || a[2] == unix.MADV_HUGEPAGE || a[2] == unix.MADV_NOHUGEPAGE || a[2] == unix.MADV_COLLAPSE
	case "prctl":
		return a[0] == unix.PR_SET_VMA && a[1] == unix.PR_SET_VMA_ANON_NAME
	case "clone":
		return a[0] == threadFlags[arch]
	case "tgkill":
		return a[0] == testPID
	case "socket":
		return a[0] == 16 && a[1] == 0x80803 && a[2] == 0
	case "setsockopt":
		return a[1] == unix.SOL_SOCKET && (a[2] == unix.SO_RCVBUF || a[2] == unix.SO_RCVBUFFORCE) ||
			a[1] == unix.SOL_NETLINK && (a[2] == unix.NETLINK_EXT_ACK || a[2] == unix.NETLINK_GET_STRICT_CHK || a[2] == unix.NETLINK_CAP_ACK)
	case "inotify_init1":
		return a[0] == 0x80800 // O_CLOEXEC and O_NONBLOCK
	case "connect":
		return a[2] == 12 // struct sockaddr_nl
	case "fcntl":
		return a[1] == unix.F_GETFL
	case "ioctl":
		return a[1] == unix.SIOCGIFNAME || a[1] == unix.NS_GET_NSTYPE || a[1] == unix.NS_GET_USERNS
	case "pwritev2":
		return a[5] == 8 // RWF_NOWAIT
	case "flock":
		return a[1] == 6 || a[1] == 8 // LOCK_EX|LOCK_NB, LOCK_UN
	case "newfstatat":
		return a[3] == 0x100 || a[3] == 0 && p >= N
	case "openat":
		d, n := openDirectory[arch], noFollow[arch]
		switch a[2] {
		case 0x280000 | n, 0x200000 | d | n, d | n, 0x80900 | n: // O_PATH; O_DIRECTORY; O_NONBLOCK and O_NOCTTY
			return true
		case d:
			return p >= N
		case 0x80000, 0x800c0 | n: // O_CLOEXEC; O_CREAT and O_EXCL
			return p == C
		}
		return false
	case "setns":
		return p >= E && a[1] == unix.CLONE_NEWNET
	}
	if p != C {
		return false
	}
	switch name {
	case "fchdir":
		return true
	case "unshare":
		return a[0] == unix.CLONE_NEWNET || a[0] == unix.CLONE_FS
	case "open_tree":
		return a[2] == 0x81001 || a[2] == 0x89001
	case "move_mount":
		return a[4] == 0x44
	case "mount_setattr":
		return a[2] == 0x1000 || a[2] == 0x9000
	case "mkdirat":
		return a[2] == 0o755
	case "fchmod":
		return a[1] == 0o755
	case "umount2":
		return a[1] == 10
	case "unlinkat":
		return a[2] == 0
	case "name_to_handle_at":
		return a[4] == 0x1000
	case "open_by_handle_at":
		return a[2] == unix.O_CLOEXEC
	}
	return false
}
