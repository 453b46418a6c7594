package seccomp

import (
	"math/rand/v2"
	"slices"

	"golang.org/x/sys/unix"
)

// plain are values that say something to some call: flags, commands, families,
// numbers of calls, limits.
var plain = func() []uint64 {
	all := []uint64{
		0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 15, 16, 17, 20, 25, 31, 59, 100, 0o644, 0o755, 0o4755,
		0x20, 0x22, 0x2a, 0x80, 0x81, 0x100, 0x200, 0x400, 0x800, 0x1000, 0x9000, 0x4000, 0x10000, 0x8000, 0x20000,
		0x80000, 0x84000, 0x90000, 0x80001, 0x80002, 0x80040, 0x80803, 0x81001, 0x89001, 0x44, testPID, testPID + 1,
		unix.AF_INET, unix.AF_INET6, unix.AF_PACKET, unix.NETLINK_AUDIT, unix.NETLINK_GENERIC, unix.SOL_NETLINK,
		0xd0f00, 0x50f00, 0x50f00 | unix.CLONE_NEWUSER, uint64(unix.SIGCHLD), unix.CLONE_VM | unix.CLONE_VFORK,
		unix.CLONE_NEWNET, unix.CLONE_NEWUSER, unix.CLONE_NEWNS, unix.CLONE_NEWNET | unix.CLONE_NEWUSER, unix.CLONE_FS,
		unix.PR_SET_VMA, unix.PR_SET_DUMPABLE, unix.PR_SET_SECCOMP, unix.PR_SET_NO_NEW_PRIVS,
		unix.NS_GET_NSTYPE, unix.NS_GET_USERNS, unix.NS_GET_PARENT, unix.SIOCGIFINDEX, unix.SIOCGIFNAME, unix.SIOCSIFFLAGS, unix.TIOCSTI,
		unix.SO_RCVBUF, unix.SO_RCVBUFFORCE, unix.SO_ATTACH_FILTER, unix.F_SETFL, unix.F_DUPFD_CLOEXEC,
		1 << 30, 1<<31 - 1, 1 << 31, 1<<32 - 1,
	}
	slices.Sort(all)
	return slices.Compact(all)
}()

// twisted are the plain values and what differs from one of them in few bits, or
// in the half that a careless comparison leaves out.
var twisted = func() []uint64 {
	all := slices.Clone(plain)
	for _, v := range plain {
		all = append(all, v^1, v|1<<31, v|1<<32, v|1<<63, v<<32, ^v)
	}
	slices.Sort(all)
	return slices.Compact(all)
}()

// corpus gives lists of arguments to visit: all alike, and around those that the
// rows of a call ask for.
func corpus(rows []row, visit func([6]uint64)) {
	for _, v := range plain {
		visit([6]uint64{v, v, v, v, v, v})
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, r := range rows {
		for _, tests := range alternatives(r.when) {
			var base [6]uint64
			for i := range base {
				base[i] = twisted[random.IntN(len(twisted))]
			}
			for _, t := range tests {
				base[t.arg] = t.value
			}
			around(base, visit)
		}
	}
}

// around replaces each argument, and each two neighbours.
func around(base [6]uint64, visit func([6]uint64)) {
	for arg := range base {
		a := base
		for _, v := range twisted {
			a[arg] = v
			visit(a)
		}
	}
	for arg := range len(base) - 1 {
		a := base
		for _, v := range plain {
			for _, w := range plain {
				a[arg], a[arg+1] = v, w
				visit(a)
			}
		}
	}
}

// numbersToTry are all that a kernel has, and others that have been mistaken for
// them: the calls of x32, numbers with high bits.
func numbersToTry() []uint32 {
	var all []uint32
	for n := range uint32(1024) {
		all = append(all, n, n|0x40000000, n|0x80000000, n|0x10000)
	}
	return append(all, 0x7fffffff, 0xffffffff)
}
