package trust

import "golang.org/x/sys/unix"

// A State tells one state of a file or directory from another: any change of its
// content, owner or mode changes the state. The zero State is that of nothing.
type State struct {
	Dev, Ino       uint64
	Mode, UID, GID uint32
	Links          uint64
	Size           int64
	Mtime, Ctime   int64 // nanoseconds; coarse on kernels before 6.13
}

// StateOf returns the state of what is at p now, or the zero State if nothing is
// there or it cannot be told. It is cheap, and it judges nothing.
func StateOf(p string) State {
	var st unix.Stat_t
	if err := unix.Lstat(p, &st); err != nil {
		return State{}
	}
	return stateOf(&st)
}

func stateOf(st *unix.Stat_t) State {
	return State{
		Dev: st.Dev, Ino: st.Ino, Mode: st.Mode, UID: st.Uid, GID: st.Gid, Links: uint64(st.Nlink), Size: st.Size, Mtime: st.Mtim.Nano(), Ctime: st.Ctim.Nano(),
	}
}
