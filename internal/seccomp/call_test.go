package seccomp

import (
	"fmt"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// calls are what a process tries under a filter. Where their arguments decide,
// they are those that would do harm, or those that the table has.
var calls = map[string]func() error{
	"execve": func() error { return unix.Exec("/proc/self/exe", []string{"x"}, nil) },
	"fork":   func() error { return raw(unix.SYS_CLONE, uintptr(unix.SIGCHLD)) },
	"vfork":  func() error { return raw(unix.SYS_CLONE, uintptr(unix.SIGCHLD)|unix.CLONE_VM|unix.CLONE_VFORK) },
	"clone3": func() error { return raw(unix.SYS_CLONE3, 0, 0) },
	// A thread that brings a user namespace along.
	"clone user": func() error { return raw(unix.SYS_CLONE, goThread|unix.CLONE_NEWUSER) },

	"socket inet":    func() error { return socket(unix.AF_INET, unix.SOCK_STREAM, 0) },
	"socket inet6":   func() error { return socket(unix.AF_INET6, unix.SOCK_STREAM, 0) }, // 10, the number of mprotect
	"socket unix":    func() error { return socket(unix.AF_UNIX, unix.SOCK_STREAM, 0) },
	"socket packet":  func() error { return socket(unix.AF_PACKET, unix.SOCK_RAW, 0) },
	"socket audit":   func() error { return socket(unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_AUDIT) },
	"socket generic": func() error { return socket(unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_GENERIC) },
	"connect":        func() error { return unix.Connect(0, &unix.SockaddrUnix{Name: "/run/x"}) },

	"write a file": func() error {
		_, err := unix.Open("/run/x", unix.O_WRONLY|unix.O_CREAT|unix.O_CLOEXEC, 0o600)
		return err
	},
	"write an entry": func() error {
		_, err := unix.Open("/run/x", unix.O_WRONLY|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		return err
	},
	"cut a file short": func() error {
		_, err := unix.Open("/run/x", unix.O_RDONLY|unix.O_TRUNC|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		return err
	},
	"make a new file": func() error {
		_, err := unix.Open("/run/new", unix.O_RDONLY|unix.O_CREAT|unix.O_EXCL|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		return err
	},
	"open a file by openat2": func() error {
		_, err := unix.Openat2(unix.AT_FDCWD, "/run/x", &unix.OpenHow{Flags: unix.O_RDONLY | unix.O_CLOEXEC})
		return err
	},
	"read an entry": func() error {
		_, err := unix.Open("/run/x", unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		return err
	},
	"read a file": func() error { _, err := unix.Open("/proc/self/status", unix.O_RDONLY|unix.O_CLOEXEC, 0); return err },
	"list a directory": func() error {
		_, err := unix.Open("/proc", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
		return err
	},
	"rename": func() error { return unix.Rename("/run/x", "/run/y") },
	"link":   func() error { return unix.Link("/run/x", "/run/y") },
	"chmod":  func() error { return unix.Chmod("/run", 0o777) },
	"fchmod": func() error { return unix.Fchmod(0, 0o4755) },
	"chown":  func() error { return unix.Chown("/run", 1, 1) },
	"mkdir":  func() error { return unix.Mkdir("/run/d", 0o777) },
	"rmdir":  func() error { return unix.Rmdir("/run/d") },
	"unlink": func() error { return unix.Unlink("/run/x") },

	"write and execute": func() error {
		_, err := unix.Mmap(-1, 0, 4096, unix.PROT_READ|unix.PROT_WRITE|unix.PROT_EXEC, unix.MAP_PRIVATE|unix.MAP_ANONYMOUS)
		return err
	},
	"mprotect": func() error { return raw(unix.SYS_MPROTECT, 0, 0, unix.PROT_EXEC) },
	"map a file": func() error {
		_, err := unix.Mmap(0, 0, 4096, unix.PROT_READ, unix.MAP_PRIVATE)
		return err
	},
	"poison memory": func() error { return raw(unix.SYS_MADVISE, 0, 0, unix.MADV_HWPOISON) },
	"ptrace":        func() error { return raw(unix.SYS_PTRACE, unix.PTRACE_ATTACH, uintptr(unix.Getppid())) },
	"read memory":   func() error { return raw(unix.SYS_PROCESS_VM_READV, uintptr(unix.Getppid())) },
	"take a descriptor": func() error {
		return raw(unix.SYS_PIDFD_GETFD, 0, 0, 0)
	},
	"kill":            func() error { return unix.Kill(unix.Getppid(), 0) },
	"signal a thread": func() error { return unix.Tgkill(unix.Getppid(), unix.Getppid(), 0) },

	"prctl dumpable": func() error { return unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0) },
	"prctl ambient": func() error {
		return unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_RAISE, unix.CAP_NET_ADMIN, 0, 0)
	},
	"seccomp":       func() error { return raw(unix.SYS_SECCOMP, unix.SECCOMP_GET_ACTION_AVAIL) },
	"setuid":        func() error { return raw(unix.SYS_SETUID, 0) },
	"capset":        func() error { return raw(unix.SYS_CAPSET) },
	"setrlimit":     func() error { return raw(unix.SYS_PRLIMIT64) },
	"bpf":           func() error { return raw(unix.SYS_BPF) },
	"io_uring":      func() error { return raw(unix.SYS_IO_URING_SETUP) },
	"module":        func() error { return raw(unix.SYS_FINIT_MODULE) },
	"type to a tty": func() error { return raw(unix.SYS_IOCTL, 0, unix.TIOCSTI) },
	"own a pipe":    func() error { return raw(unix.SYS_FCNTL, 0, unix.F_SETOWN, uintptr(unix.Getpid())) },

	"mount":            func() error { return unix.Mount("tmpfs", "/run", "tmpfs", 0, "") },
	"unmount":          func() error { return unix.Unmount("/run", 0) },
	"unmount detached": func() error { return unix.Unmount("/run", unix.MNT_DETACH|unix.UMOUNT_NOFOLLOW) },
	"pivot_root":       func() error { return unix.PivotRoot("/run", "/run") },
	"chroot":           func() error { return unix.Chroot("/run") },
	"setns net":        func() error { return unix.Setns(-1, unix.CLONE_NEWNET) },
	"setns any":        func() error { return unix.Setns(-1, 0) },
	"setns mount":      func() error { return unix.Setns(-1, unix.CLONE_NEWNS) },
	"unshare net":      func() error { return unix.Unshare(unix.CLONE_NEWNET) },
	"unshare user":     func() error { return unix.Unshare(unix.CLONE_NEWUSER) },
	"unshare both":     func() error { return unix.Unshare(unix.CLONE_NEWNET | unix.CLONE_NEWUSER) },
	"unshare mount":    func() error { return unix.Unshare(unix.CLONE_NEWNS) },
}

// permitted tells from which profile on a call does not end the process. All
// others end it under each.
var permitted = map[string]Profile{
	"read an entry":    None,
	"list a directory": N,
	"make a new file":  C,
	"setns net":        E,
	"read a file":      C,
	"unlink":           C,
	"unmount detached": C,
	"unshare net":      C,
}

// A call that the table does not have ends the process by SIGSYS; one that it has
// does not.
func TestCall(t *testing.T) {
	needPureGo(t)
	for what := range permitted {
		if calls[what] == nil {
			t.Errorf("no call is called %q", what)
		}
	}
	for what := range calls {
		for p := None; p <= C; p++ {
			t.Run(what+"/"+p.String(), func(t *testing.T) {
				t.Parallel()
				cmd := child("call", p.String(), what)
				start(t, cmd)
				cmd.Wait() // its error is the state below
				from, may := permitted[what]
				if state := cmd.ProcessState.Sys().(syscall.WaitStatus); may && p >= from {
					if state.ExitStatus() != 0 {
						t.Errorf("the process ended with %v", cmd.ProcessState)
					}
				} else if !state.Signaled() || state.Signal() != unix.SIGSYS {
					t.Errorf("the process ended with %v", cmd.ProcessState)
				}
			})
		}
	}
}

// callUnder makes a call under the filter of a profile. Whether the kernel then
// carries it out is not the filter's concern.
func callUnder(p Profile, what string) error {
	attempt, ok := calls[what]
	if !ok {
		return fmt.Errorf("no call is called %q", what)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	if err := unix.Mount("tmpfs", "/run", "tmpfs", 0, ""); err != nil {
		return err
	}
	if err := confine(p); err != nil {
		return err
	}
	attempt()
	return nil
}

func raw(number uintptr, args ...uintptr) error {
	var a [3]uintptr
	copy(a[:], args)
	if _, _, errno := unix.RawSyscall(number, a[0], a[1], a[2]); errno != 0 {
		return errno
	}
	return nil
}

func socket(family, kind, protocol int) error {
	_, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, protocol)
	return err
}
