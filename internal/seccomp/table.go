package seccomp

import "golang.org/x/sys/unix"

// A row lets a system call pass if its conditions hold. A call passes if one of
// its rows lets it.
type row struct {
	from Profile // the least that has the row
	call string
	when []condition
	why  string
}

// when lists conditions that all have to hold.
func when(conditions ...condition) []condition { return conditions }

// table returns the rows for a process that runs on m with the id pid.
//
// What is absent is absent on purpose: nothing here makes memory executable,
// starts a process or a program, connects to anything but rtnetlink, looks into
// another process's memory, or changes what this one may do.
func table(m machine, pid int) []row {
	return []row{
		// The runtime: goroutines, memory, signals.
		{None, "futex", when(is(1, "FUTEX_WAIT_PRIVATE or FUTEX_WAKE_PRIVATE", futexWaitPrivate, futexWakePrivate)),
			"threads wait for one another"},
		{None, "nanosleep", nil, "the monitor thread sleeps"},
		{None, "sched_yield", nil, "a thread that spins gives way"},
		{None, "restart_syscall", nil, "the kernel goes on with a wait after SIGCONT"},
		{None, "clock_gettime", nil, "the time, with a clock that the vDSO cannot read"},
		{None, "getrandom", nil, "seeds, where the vDSO has none"},
		{None, "epoll_create1", nil, "the network poller, at the runtime's first timer"},
		{None, "eventfd2", nil, "the network poller, at the runtime's first timer"},
		{None, "epoll_ctl", nil, "the network poller, at the runtime's first timer"},
		{None, "epoll_pwait", nil, "timers"},
		{None, "mmap", when(within(2, "PROT_READ|PROT_WRITE", unix.PROT_READ|unix.PROT_WRITE), has(3, "MAP_ANONYMOUS", unix.MAP_ANONYMOUS)),
			"the heap grows"},
		{None, "munmap", nil, "memory is given back"},
		{None, "madvise", when(is(2, "MADV_DONTNEED or MADV_FREE or MADV_HUGEPAGE or MADV_NOHUGEPAGE or MADV_COLLAPSE",
			unix.MADV_DONTNEED, unix.MADV_FREE, unix.MADV_HUGEPAGE, unix.MADV_NOHUGEPAGE, unix.MADV_COLLAPSE)),
			"the heap shrinks; others of its advices harm the machine"},
		{None, "prctl", when(is(0, "PR_SET_VMA", unix.PR_SET_VMA), is(1, "PR_SET_VMA_ANON_NAME", unix.PR_SET_VMA_ANON_NAME)),
			"the runtime names its memory"},
		{None, "clone", when(is(0, "the flags of a Go thread", m.threadFlags)), "a thread starts"},
		{None, "gettid", nil, "a thread starts"},
		{None, "sigaltstack", nil, "a thread starts or ends"},
		{None, "exit", nil, "a thread ends"},
		{None, "exit_group", nil, "the process ends"},
		{None, "getpid", nil, "the runtime signals its own threads"},
		{None, "tgkill", when(is(0, "getpid()", uint64(pid))), "a goroutine is preempted"},
		{None, "rt_sigaction", nil, "signals are ignored or notified; a panic restores them"},
		{None, "rt_sigprocmask", nil, "a thread starts or ends"},
		{None, "rt_sigreturn", nil, "a signal handler ends"},

		// The caller, the audit record.
		{None, "ppoll", nil, "wait for the caller, and for the kernel"},
		{None, "read", nil, "requests; answers of the kernel; the policy; the network poller's event descriptor"},
		{None, "write", nil, "replies; requests to the kernel; audit records; the network poller's event descriptor; a panic's message"},
		{None, "pwritev2", when(is(5, "RWF_NOWAIT", unix.RWF_NOWAIT)), "replies, without blocking"},
		{None, "close", nil, "sockets, files, namespaces"},
		{None, "flock", when(is(1, "LOCK_EX|LOCK_NB or LOCK_UN", unix.LOCK_EX|unix.LOCK_NB, unix.LOCK_UN)),
			"one counts at a time; one makes /run/netns at a time, ip-netns(8) included"},

		// rtnetlink.
		{None, "socket", when(is(0, "AF_NETLINK", unix.AF_NETLINK),
			is(1, "SOCK_RAW|SOCK_CLOEXEC|SOCK_NONBLOCK", unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK),
			is(2, "NETLINK_ROUTE", unix.NETLINK_ROUTE)), "a socket in one more namespace"},
		{None, "connect", when(is(2, "12", unix.SizeofSockaddrNetlink)), "to the kernel, by a struct sockaddr_nl; other processes are kept off then"},
		{None, "setsockopt", when(is(1, "SOL_NETLINK", unix.SOL_NETLINK),
			is(2, "NETLINK_EXT_ACK or NETLINK_GET_STRICT_CHK or NETLINK_CAP_ACK",
				unix.NETLINK_EXT_ACK, unix.NETLINK_GET_STRICT_CHK, unix.NETLINK_CAP_ACK)), "strict requests, errors that explain themselves"},
		{None, "setsockopt", when(is(1, "SOL_SOCKET", unix.SOL_SOCKET), is(2, "SO_RCVBUFFORCE or SO_RCVBUF", unix.SO_RCVBUFFORCE, unix.SO_RCVBUF)),
			"room for many answers"},
		{None, "ioctl", when(is(1, "SIOCGIFNAME", unix.SIOCGIFNAME)), "the name of a link is resolved"},

		// The policy, which may change; namespaces, to be looked at.
		{None, "openat", when(is(2, "O_PATH|O_NOFOLLOW|O_CLOEXEC or O_PATH|O_DIRECTORY|O_NOFOLLOW|O_CLOEXEC",
			unix.O_PATH|m.noFollow|unix.O_CLOEXEC, unix.O_PATH|m.directory|m.noFollow|unix.O_CLOEXEC)),
			"what policy files are in; /run/netns, and what kind its entries are"},
		{None, "openat", when(is(2, "O_RDONLY|O_DIRECTORY|O_NOFOLLOW|O_CLOEXEC", unix.O_RDONLY|m.directory|m.noFollow|unix.O_CLOEXEC)),
			"drop-ins and /run/netns are listed"},
		{None, "openat", when(is(2, "O_RDONLY|O_NONBLOCK|O_NOCTTY|O_NOFOLLOW|O_CLOEXEC",
			unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY|m.noFollow|unix.O_CLOEXEC)), "policy files; entries of /run/netns"},
		{None, "fstat", nil, "who owns what has been opened"},
		{None, "newfstatat", when(is(3, "AT_SYMLINK_NOFOLLOW", unix.AT_SYMLINK_NOFOLLOW)), "whether the policy has changed"},
		{None, "fcntl", when(is(1, "F_GETFL", unix.F_GETFL)), "package os asks whether a descriptor blocks, to list a directory"},
		{None, "inotify_init1", when(is(0, "IN_CLOEXEC|IN_NONBLOCK", unix.IN_CLOEXEC|unix.IN_NONBLOCK)), "to be told that the policy may have changed"},
		{None, "inotify_add_watch", nil, "in which directories"},
		{None, "getdents64", nil, "the names in a directory"},
		{None, "fstatfs", nil, "whether an entry is a namespace"},
		{None, "ioctl", when(is(1, "NS_GET_NSTYPE or NS_GET_USERNS", unix.NS_GET_NSTYPE, unix.NS_GET_USERNS)), "which kind it is, and whose"},

		// Processes in a namespace.
		{N, "openat", when(is(2, "O_RDONLY|O_DIRECTORY|O_CLOEXEC", unix.O_RDONLY|m.directory|unix.O_CLOEXEC)), "netns.pids opens /proc"},
		{N, "newfstatat", when(is(3, "0", 0)), "netns.pids looks up the namespace of a process"},

		// Entering a namespace.
		{E, "setns", when(is(1, "CLONE_NEWNET", unix.CLONE_NEWNET)), "there, to open a socket, and back"},

		// Creating a namespace.
		{C, "unshare", when(is(0, "CLONE_NEWNET or CLONE_FS", unix.CLONE_NEWNET, unix.CLONE_FS)),
			"a new namespace; a working directory of one thread's own, for umount2"},
		{C, "openat", when(is(2, "O_RDONLY|O_CREAT|O_EXCL|O_NOFOLLOW|O_CLOEXEC",
			unix.O_RDONLY|unix.O_CREAT|unix.O_EXCL|m.noFollow|unix.O_CLOEXEC)), "what a namespace is mounted on"},
		{C, "openat", when(is(2, "O_RDONLY|O_CLOEXEC", unix.O_RDONLY|unix.O_CLOEXEC)), "the thread's own namespace, in /proc"},
		{C, "open_tree", when(is(2, "OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC|AT_EMPTY_PATH or OPEN_TREE_CLONE|OPEN_TREE_CLOEXEC|AT_EMPTY_PATH|AT_RECURSIVE",
			unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC|unix.AT_EMPTY_PATH,
			unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC|unix.AT_EMPTY_PATH|unix.AT_RECURSIVE)), "a mount of the namespace, or of /run/netns"},
		{C, "move_mount", when(is(4, "MOVE_MOUNT_F_EMPTY_PATH|MOVE_MOUNT_T_EMPTY_PATH", unix.MOVE_MOUNT_F_EMPTY_PATH|unix.MOVE_MOUNT_T_EMPTY_PATH)),
			"it is put on its name, by descriptors alone"},
		{C, "mount_setattr", when(is(2, "AT_EMPTY_PATH or AT_EMPTY_PATH|AT_RECURSIVE", unix.AT_EMPTY_PATH, unix.AT_EMPTY_PATH|unix.AT_RECURSIVE)),
			"/run/netns is shared with other mount namespaces"},
		{C, "mkdirat", when(is(2, "0755", 0o755)), "/run/netns is made"},
		{C, "fchmod", when(is(1, "0755", 0o755)), "whatever the umask"},

		// Deleting a namespace.
		{C, "fchdir", nil, "umount2 takes a name in the working directory"},
		{C, "umount2", when(is(1, "MNT_DETACH|UMOUNT_NOFOLLOW", unix.MNT_DETACH|unix.UMOUNT_NOFOLLOW)), "a namespace is taken off its name"},
		{C, "unlinkat", when(is(2, "0", 0)), "the name is removed"},
		{C, "name_to_handle_at", when(is(4, "AT_EMPTY_PATH", unix.AT_EMPTY_PATH)), "whether something keeps the namespace: what to look for"},
		{C, "open_by_handle_at", when(is(2, "O_RDONLY|O_CLOEXEC", unix.O_RDONLY|unix.O_CLOEXEC)), "whether something keeps the namespace: whether it is there"},
	}
}
