package kernel

import (
	"errors"
	"fmt"
	"time"

	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// CreateNetns makes a namespace under the name, the value of the attribute called
// attrName, and returns its inode. Before the namespace can be found by the name,
// prepare is called with it, unless that is nil.
func (t *Task) CreateNetns(attrName string, name attr.NetNS, prepare func(*Netns) error) (uint64, error) {
	dir, err := sharedDir(t.pause)
	if err != nil {
		return 0, dirError(err)
	}
	defer unix.Close(dir)
	file, err := openBeneath(dir, string(name), unix.O_RDONLY|unix.O_CREAT|unix.O_EXCL)
	if errors.Is(err, unix.EEXIST) {
		return 0, &Error{Errno: unix.EEXIST, Attr: attrName, Message: "there is a network namespace of this name"}
	}
	if err != nil {
		return 0, dirError(err)
	}
	defer unix.Close(file)
	var id ID
	err = onThread(func() (err error) {
		id, err = t.mountNew(file, prepare)
		return err
	})
	if err != nil {
		return 0, errors.Join(err, unix.Unlinkat(dir, string(name), 0))
	}
	t.Touched.Netns = id.Ino
	return id.Ino, nil
}

// mountNew makes a namespace, enters it with the calling thread and mounts it on
// file. No path is involved: neither the caller nor anything else that happens in
// NetnsDir meanwhile can direct the mount elsewhere.
func (t *Task) mountNew(file int, prepare func(*Netns) error) (ID, error) {
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return ID{}, &Error{Errno: errnoOf(err), Message: "no network namespace can be made"}
	}
	fd, id, err := openSelf("net")
	if err != nil {
		return ID{}, err
	}
	defer unix.Close(fd)
	if prepare != nil {
		if err := t.prepareHere(id, prepare); err != nil {
			return ID{}, err
		}
	}
	if err := bind(fd, file, 0); err != nil {
		return ID{}, &Error{Errno: errnoOf(err), Message: "the network namespace cannot be mounted"}
	}
	return id, nil
}

// prepareHere calls prepare with the namespace of the calling thread.
func (t *Task) prepareHere(id ID, prepare func(*Netns) error) error {
	c, err := dial()
	if err != nil {
		return err
	}
	return errors.Join(prepare(&Netns{conn: c, id: id, t: t}), c.close())
}

// bind mounts what from refers to on what to refers to.
func bind(from, to int, flags uint) error {
	tree, err := unix.OpenTree(from, "", unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC|unix.AT_EMPTY_PATH|flags)
	if err != nil {
		return err
	}
	defer unix.Close(tree)
	return unix.MoveMount(tree, "", to, "", unix.MOVE_MOUNT_F_EMPTY_PATH|unix.MOVE_MOUNT_T_EMPTY_PATH)
}

// sharedDir opens NetnsDir so that what is mounted in it is seen by the other
// mount namespaces of the machine, and what is unmounted in it goes from them as
// well: a namespace that stays mounted somewhere lives on. For that the directory
// has to be a shared mount. As ip-netns(8) does, the first to come makes the
// directory, mounts it on itself and shares it.
func sharedDir(pause Pause) (int, error) {
	dir, err := openDir(unix.O_PATH)
	if err == nil {
		if err = share(dir, 0); err == nil {
			return dir, nil
		}
		unix.Close(dir)
	}
	if !errors.Is(err, unix.ENOENT) && !errors.Is(err, unix.EINVAL) {
		return -1, err
	}
	if err := makeDir(); err != nil {
		return -1, err
	}
	unlock, err := lockDir(pause)
	if err != nil {
		return -1, err
	}
	defer unlock()
	if dir, err = openDir(unix.O_PATH); err != nil {
		return -1, err
	}
	if err = share(dir, 0); err == nil { // another was first
		return dir, nil
	}
	// The entries that are there already come along.
	err = bind(dir, dir, unix.AT_RECURSIVE)
	unix.Close(dir) // it is below the mount now
	if err != nil {
		return -1, err
	}
	if dir, err = openDir(unix.O_PATH); err != nil {
		return -1, err
	}
	if err := share(dir, unix.AT_RECURSIVE); err != nil {
		unix.Close(dir)
		return -1, err
	}
	return dir, nil
}

// share makes the mount whose root fd is a shared one. It fails with EINVAL if fd
// is not the root of a mount.
func share(fd int, flags uint) error {
	return unix.MountSetattr(fd, "", unix.AT_EMPTY_PATH|flags, &unix.MountAttr{Propagation: unix.MS_SHARED})
}

// makeDir makes NetnsDir if it is not there.
func makeDir() error {
	switch err := unix.Mkdir(NetnsDir, 0o755); {
	case errors.Is(err, unix.EEXIST):
		return nil
	case err != nil:
		return err
	}
	fd, err := openDir(unix.O_RDONLY)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	return unix.Fchmod(fd, 0o755) // whatever the umask
}

const (
	lockTime  = time.Second
	lockPause = 10 * time.Millisecond
)

// lockDir takes the lock under which ip-netns(8) prepares the directory: two that
// do it at the same time mount it on itself again and again. Anybody can hold
// that lock, so the wait is short.
func lockDir(pause Pause) (unlock func(), err error) {
	fd, err := openDir(unix.O_RDONLY)
	if err != nil {
		return nil, err
	}
	deadline := time.Now().Add(lockTime)
	for {
		err := unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return func() { unix.Close(fd) }, nil
		}
		if !errors.Is(err, unix.EWOULDBLOCK) || time.Now().After(deadline) || pause(lockPause) != nil {
			unix.Close(fd)
			return nil, &Error{Errno: errnoOf(err), Message: NetnsDir + " is locked by another program"}
		}
	}
}

// dirError gives the error of a directory in which nothing can be made.
func dirError(err error) error {
	if _, ok := err.(*Error); ok {
		return err
	}
	return &Error{Errno: errnoOf(err), Message: fmt.Sprintf("%s cannot be used", NetnsDir)}
}
