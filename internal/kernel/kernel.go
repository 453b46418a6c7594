package kernel

import (
	"errors"
	"fmt"
	"maps"
	"runtime"
	"time"

	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

const (
	// maxConns bounds the sockets that are kept. The least recently used goes.
	maxConns = 64
	// keepTime is how long an unused socket is kept. A socket keeps its namespace
	// alive after the name is gone, so this is short.
	keepTime = time.Second
)

// A Kernel holds the helper's sockets. Its zero value is not usable; it serves
// one task at a time.
type Kernel struct {
	own   int // descriptor of the namespace in which the process was started
	ownID ID
	user  ID // the user namespace of the process
	conns map[ID]*conn
	names map[attr.NetNS]named
	// lot is the stretch in which what has been looked up holds, or 0 for none, and
	// lots the number of them.
	lot, lots uint64
	// release is that of the running kernel.
	release attr.Release
}

// New opens the network namespace in which the process was started.
func New() (*Kernel, error) {
	own, ownID, err := openSelf("net")
	if err != nil {
		return nil, err
	}
	fd, user, err := openSelf("user")
	if err != nil {
		return nil, errors.Join(err, unix.Close(own))
	}
	release, err := running()
	if err != nil {
		return nil, errors.Join(err, unix.Close(own), unix.Close(fd))
	}
	return &Kernel{own: own, ownID: ownID, user: user, conns: make(map[ID]*conn), names: make(map[attr.NetNS]named), release: release}, unix.Close(fd)
}

// running returns the release of the running kernel (uname(2)).
func running() (attr.Release, error) {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return attr.Release{}, fmt.Errorf("uname: %w", err)
	}
	return attr.ParseRelease(unix.ByteSliceToString(name.Release[:]))
}

// openSelf opens a namespace of the calling thread.
func openSelf(kind string) (int, ID, error) {
	fd, err := unix.Open("/proc/thread-self/ns/"+kind, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, ID{}, fmt.Errorf("own %s namespace: %w", kind, err)
	}
	id, err := identify(fd)
	if err != nil {
		return -1, ID{}, errors.Join(fmt.Errorf("own %s namespace: %w", kind, err), unix.Close(fd))
	}
	return fd, id, nil
}

// A named is what a name stood for the last time, and when that was made sure of.
type named struct {
	id  ID
	lot uint64
}

// maxNames bounds the names that are remembered.
const maxNames = 4096

// BeginLot begins a stretch of changes that were asked for together, of which none
// changes what a name stands for. That is looked up once in it: what other processes
// change meanwhile counts as changed afterwards.
func (k *Kernel) BeginLot() {
	k.lots++
	k.lot = k.lots
}

// EndLot ends the stretch.
func (k *Kernel) EndLot() { k.lot = 0 }

// holds reports whether something that was looked up in a lot holds without being
// looked at again.
func (k *Kernel) holds(lot uint64) bool { return lot != 0 && lot == k.lot }

// remembered returns the socket of the namespace that a name stood for, if the name
// still stands for it. While there is a socket the namespace stays, so that its
// inode is no other's.
func (k *Kernel) remembered(name attr.NetNS) (*conn, ID, bool) {
	n, ok := k.names[name]
	c := k.conns[n.id]
	if !ok || c == nil {
		return nil, ID{}, false
	}
	if !k.holds(n.lot) {
		var st unix.Stat_t
		if err := unix.Fstatat(unix.AT_FDCWD, NetnsDir+"/"+string(name), &st, unix.AT_SYMLINK_NOFOLLOW); err != nil || n.id != (ID{st.Dev, st.Ino}) {
			delete(k.names, name)
			return nil, ID{}, false
		}
		k.names[name] = named{n.id, k.lot}
	}
	c.used = time.Now()
	return c, n.id, true
}

// remember says what a name stands for.
func (k *Kernel) remember(name attr.NetNS, id ID) {
	if len(k.names) == maxNames {
		clear(k.names)
	}
	k.names[name] = named{id, k.lot}
}

// Close closes all sockets.
func (k *Kernel) Close() error {
	k.sweep(time.Time{})
	return unix.Close(k.own)
}

// Idle closes the sockets that have not been used for a moment. It returns how
// long to wait before it is worth calling again, and false if it is not.
func (k *Kernel) Idle() (time.Duration, bool) {
	k.sweep(time.Now().Add(-keepTime))
	return keepTime, len(k.conns) > 0
}

// sweep closes the sockets last used before t; those of the helper's own
// namespace, which outlives the helper, only when t is zero.
func (k *Kernel) sweep(t time.Time) {
	for id, c := range k.conns {
		if t.IsZero() || id != k.ownID && c.used.Before(t) {
			k.drop(id)
		}
	}
}

// drop closes the socket of a namespace, whose inode may be that of another from now on.
func (k *Kernel) drop(id ID) {
	if c := k.conns[id]; c != nil {
		maps.DeleteFunc(k.names, func(_ attr.NetNS, n named) bool { return n.id == id })
		delete(k.conns, id)
		c.close() // nothing is outstanding on it
	}
}

// conn returns the socket of the namespace that fd refers to.
func (k *Kernel) conn(fd int, id ID) (*conn, error) {
	c := k.conns[id]
	if c == nil {
		if len(k.conns) == maxConns {
			k.dropOldest()
		}
		var err error
		if c, err = k.dialIn(fd, id); err != nil {
			return nil, err
		}
		k.conns[id] = c
	}
	c.used = time.Now()
	return c, nil
}

func (k *Kernel) dropOldest() {
	var oldest ID
	for id, c := range k.conns {
		if id != k.ownID && (oldest == ID{} || c.used.Before(k.conns[oldest].used)) {
			oldest = id
		}
	}
	k.drop(oldest)
}

// dialIn opens a socket in the namespace that fd refers to, and leaves the
// thread in the namespace where it was. A thread that cannot go back could act
// in the wrong place: then the process ends.
func (k *Kernel) dialIn(fd int, id ID) (*conn, error) {
	if id == k.ownID {
		return dial()
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Setns(fd, unix.CLONE_NEWNET); err != nil {
		return nil, &Error{Errno: errnoOf(err), Message: "the namespace cannot be entered"}
	}
	c, err := dial()
	if back := unix.Setns(k.own, unix.CLONE_NEWNET); back != nil {
		panic(fmt.Sprintf("kernel: no way back to the own network namespace: %v", back))
	}
	return c, err
}
