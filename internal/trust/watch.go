package trust

import (
	"encoding/binary"
	"path"
	"slices"

	"golang.org/x/sys/unix"
)

// A Watch tells that nothing has changed in directories (inotify(7)), for less than
// it takes to look. Its zero value never tells that.
type Watch struct {
	fd int // or 0
	// names are, by the numbers of the watches, those of the directories that are
	// watched below the one that is watched.
	names  map[uint32][]string
	buffer [4096]byte
}

const (
	// namesNoticed is what a change of the names in a directory can be.
	namesNoticed = unix.IN_ATTRIB | unix.IN_MOVED_FROM | unix.IN_MOVED_TO | unix.IN_CREATE | unix.IN_DELETE |
		unix.IN_DELETE_SELF | unix.IN_MOVE_SELF | unix.IN_ONLYDIR
	// filesNoticed is what a change of a file in a directory can be besides.
	filesNoticed = unix.IN_MODIFY | unix.IN_CLOSE_WRITE
)

// NewWatch watches directories, of which some may be missing, and those that they
// are in. Where that cannot be had the watch never tells anything.
func NewWatch(dirs ...string) *Watch {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return new(Watch)
	}
	w := &Watch{fd: fd, names: make(map[uint32][]string)}
	for _, dir := range withParents(dirs) {
		mask := uint32(namesNoticed)
		if slices.Contains(dirs, dir) {
			mask |= filesNoticed
		}
		wd, err := unix.InotifyAddWatch(fd, dir, mask)
		switch {
		case err == unix.ENOENT: // its parent will tell of it
		case err != nil:
			w.close()
			return w
		default:
			w.names[uint32(wd)] = below(dir, dirs)
		}
	}
	return w
}

// withParents returns directories and all those that they are in.
func withParents(dirs []string) (all []string) {
	for _, dir := range dirs {
		for ; !slices.Contains(all, dir); dir = path.Dir(dir) {
			all = append(all, dir)
		}
	}
	return all
}

// below returns the names in dir that lead to one of dirs.
func below(dir string, dirs []string) (names []string) {
	for _, d := range withParents(dirs) {
		if d != dir && path.Dir(d) == dir {
			names = append(names, path.Base(d))
		}
	}
	return names
}

// close ends the watch, if it has not ended: 0 is somebody else's descriptor.
func (w *Watch) close() {
	if w.fd != 0 {
		unix.Close(w.fd)
		w.fd = 0
	}
}

// Quiet reports whether nothing has happened since the last call. A directory that
// is exchanged for another ends the watch: then it never does.
func (w *Watch) Quiet() bool {
	quiet := w.fd != 0
	for w.fd != 0 {
		n, err := unix.Read(w.fd, w.buffer[:])
		switch {
		case err == unix.EAGAIN:
			return quiet
		case err == unix.EINTR:
			continue
		case err != nil || !w.holds(w.buffer[:n]):
			w.close()
		}
		quiet = false
	}
	return false
}

// holds reports whether what is watched is still what was to be watched, after
// events.
func (w *Watch) holds(events []byte) bool {
	const lost = unix.IN_DELETE_SELF | unix.IN_MOVE_SELF | unix.IN_IGNORED | unix.IN_UNMOUNT | unix.IN_Q_OVERFLOW
	for len(events) >= unix.SizeofInotifyEvent {
		wd, mask := binary.NativeEndian.Uint32(events), binary.NativeEndian.Uint32(events[4:])
		end := unix.SizeofInotifyEvent + int(binary.NativeEndian.Uint32(events[12:]))
		if end > len(events) || mask&lost != 0 {
			return false
		}
		name := unix.ByteSliceToString(events[unix.SizeofInotifyEvent:end])
		if mask&unix.IN_ISDIR != 0 && slices.Contains(w.names[wd], name) {
			return false
		}
		events = events[end:]
	}
	return len(events) == 0
}
