package kernel

import (
	"errors"
	"time"

	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// DeleteNetns takes away the name, the value of the attribute called attrName,
// after check has been called with the namespace and has not objected, unless
// check is nil. A left-over file of that name that was to become a namespace goes
// as well; anything else stays.
//
// The namespace itself ends when nothing keeps it any more. Detached tells
// whether something does, and is nil if this kernel cannot tell.
func (t *Task) DeleteNetns(attrName string, name attr.NetNS, check func(*Netns) error) (detached *bool, err error) {
	detached, err = t.deleteNetns(string(name), check)
	return detached, about(err, attrName)
}

func (t *Task) deleteNetns(name string, check func(*Netns) error) (*bool, error) {
	dir, err := openDir(unix.O_PATH)
	if err != nil {
		return nil, missing(err)
	}
	defer unix.Close(dir)
	fd, id, err := t.k.openEntry(dir, name)
	if errors.Is(err, errNotNetns) {
		return nil, removeLeftOver(dir, name)
	}
	if err != nil {
		return nil, err
	}
	t.Touched.Netns = id.Ino
	trace := traceOf(fd)
	if check != nil {
		err = t.checkIn(fd, id, check)
	}
	unix.Close(fd)
	if err != nil {
		return nil, err
	}
	t.k.drop(id) // a socket of ours would keep the namespace
	if err := t.k.unmountEntry(dir, name); err != nil {
		return nil, err
	}
	if err := unlinkEntry(dir, name); err != nil {
		return nil, err
	}
	return trace.alive(t.k.own), nil
}

func (t *Task) checkIn(fd int, id ID, check func(*Netns) error) error {
	c, err := t.k.conn(fd, id)
	if err != nil {
		return err
	}
	return check(&Netns{conn: c, id: id, t: t})
}

// unmountEntry unmounts namespaces from the name until none is left there; they
// can be stacked. What is no namespace stays mounted.
func (k *Kernel) unmountEntry(dir int, name string) error {
	return onThread(func() error {
		// umount2 takes a path only. The working directory of this thread alone
		// makes it one that cannot lead elsewhere.
		if err := unix.Unshare(unix.CLONE_FS); err != nil {
			return err
		}
		if err := unix.Fchdir(dir); err != nil {
			return err
		}
		for {
			fd, _, err := k.openEntry(dir, name)
			if errors.Is(err, errNotNetns) {
				return nil
			}
			if err != nil {
				return err
			}
			unix.Close(fd)
			if err := unix.Unmount(name, unix.MNT_DETACH|unix.UMOUNT_NOFOLLOW); err != nil {
				return &Error{Errno: errnoOf(err), Message: "the network namespace cannot be unmounted"}
			}
		}
	})
}

// removeLeftOver removes a file on which a namespace was to be mounted: an empty
// one of root's, as a creation that was cut short leaves it.
func removeLeftOver(dir int, name string) error {
	fd, err := openBeneath(dir, name, unix.O_PATH)
	if err != nil {
		return missing(err)
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return err
	}
	is, err := isNSFS(fd)
	if err != nil {
		return err
	}
	if is || st.Mode&unix.S_IFMT != unix.S_IFREG || st.Uid != 0 || st.Size != 0 {
		return errNotNetns
	}
	return unlinkEntry(dir, name)
}

// unlinkEntry removes the name. It fails while something is mounted there.
func unlinkEntry(dir int, name string) error {
	if err := unix.Unlinkat(dir, name, 0); err != nil {
		return &Error{Errno: errnoOf(err), Message: "the name of the network namespace cannot be removed"}
	}
	return nil
}

// A trace finds a namespace again without keeping it alive. It is nil where the
// kernel has none (before Linux 6.18).
type trace struct{ handle unix.FileHandle }

func traceOf(fd int) *trace {
	handle, _, err := unix.NameToHandleAt(fd, "", unix.AT_EMPTY_PATH)
	if err != nil {
		return nil
	}
	return &trace{handle}
}

const (
	traceTime  = 100 * time.Millisecond
	tracePause = 5 * time.Millisecond
)

// alive tells whether the namespace is there still, or nil if that cannot be
// told; mount is any open namespace. The kernel releases what a closed socket
// held only after a while, so a namespace that is there may be about to end.
func (tr *trace) alive(mount int) *bool {
	if tr == nil {
		return nil
	}
	var alive bool
	for deadline := time.Now().Add(traceTime); ; time.Sleep(tracePause) {
		fd, err := unix.OpenByHandleAt(mount, tr.handle, unix.O_RDONLY|unix.O_CLOEXEC)
		switch {
		case errors.Is(err, unix.ESTALE):
			return &alive
		case err != nil:
			return nil
		}
		unix.Close(fd)
		if time.Now().After(deadline) {
			alive = true
			return &alive
		}
	}
}
