package kernel

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// NetnsDir is where ip-netns(8) keeps named network namespaces.
const NetnsDir = "/run/netns"

// An ID identifies a namespace for as long as something keeps it alive.
type ID struct{ Dev, Ino uint64 }

// openDir opens NetnsDir, which belongs to root and is writable by nobody else.
// Access is O_PATH, or O_RDONLY to list or lock it.
func openDir(access int) (int, error) {
	above, name := path.Split(NetnsDir)
	dir, err := open(unix.AT_FDCWD, path.Clean(above), unix.O_PATH|unix.O_DIRECTORY)
	if err != nil {
		return -1, err
	}
	fd, err := open(dir, name, access|unix.O_DIRECTORY)
	if err := errors.Join(err, unix.Close(dir)); err != nil {
		return -1, err
	}
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		unix.Close(fd)
		return -1, err
	}
	if st.Uid != 0 || st.Mode&0o022 != 0 {
		unix.Close(fd)
		return -1, &Error{Errno: unix.EPERM, Message: NetnsDir + " is not root's alone"}
	}
	return fd, nil
}

// openNetns opens a named namespace and checks that it is one, and one of ours:
// what a user made in a user namespace of its own does not count.
func (k *Kernel) openNetns(name attr.NetNS) (int, ID, error) {
	dir, err := openDir(unix.O_PATH)
	if err != nil {
		return -1, ID{}, missing(err)
	}
	defer unix.Close(dir)
	return k.openEntry(dir, string(name))
}

// openEntry is openNetns for a name in a directory that openDir has opened.
func (k *Kernel) openEntry(dir int, name string) (int, ID, error) {
	fd, err := openBeneath(dir, name, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY)
	if err != nil {
		// What is there may be no namespace, and closed to a helper that holds
		// few capabilities: a left-over file has mode 0.
		if is, err := isNetnsEntry(dir, name); err == nil && !is {
			return -1, ID{}, errNotNetns
		}
		return -1, ID{}, missing(err)
	}
	id, err := k.checkNetns(fd)
	if err != nil {
		unix.Close(fd)
		return -1, ID{}, err
	}
	return fd, id, nil
}

// openBeneath opens a name in dir that is no symbolic link.
func openBeneath(dir int, name string, flags int) (int, error) {
	if err := checkComponent(name); err != nil {
		return -1, err
	}
	return open(dir, name, flags)
}

// checkComponent refuses what would lead out of a directory.
func checkComponent(name string) error {
	if name == "" || name == "." || name == ".." || strings.ContainsRune(name, '/') {
		return unix.EXDEV
	}
	return nil
}

// open opens a name in dir without following it, if it is a symbolic link.
func open(dir int, name string, flags int) (int, error) {
	return unix.Openat(dir, name, flags|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
}

// isNetnsEntry reports whether the file system of namespaces is mounted on the
// name. It needs no permission on what is there.
func isNetnsEntry(dir int, name string) (bool, error) {
	fd, err := openBeneath(dir, name, unix.O_PATH)
	if err != nil {
		return false, err
	}
	defer unix.Close(fd)
	return isNSFS(fd)
}

func isNSFS(fd int) (bool, error) {
	var fs unix.Statfs_t
	if err := unix.Fstatfs(fd, &fs); err != nil {
		return false, err
	}
	return fs.Type == unix.NSFS_MAGIC, nil
}

// checkNetns says whether fd is a network namespace of this user namespace.
func (k *Kernel) checkNetns(fd int) (ID, error) {
	is, err := isNSFS(fd)
	if err != nil {
		return ID{}, err
	}
	if !is {
		return ID{}, errNotNetns
	}
	kind, err := unix.IoctlRetInt(fd, unix.NS_GET_NSTYPE)
	if err != nil {
		return ID{}, err
	}
	if kind != unix.CLONE_NEWNET {
		return ID{}, errNotNetns
	}
	if err := k.checkOwner(fd); err != nil {
		return ID{}, err
	}
	return identify(fd)
}

// checkOwner says whether the namespace belongs to the user namespace that the
// helper is in.
func (k *Kernel) checkOwner(fd int) error {
	owner, err := unix.IoctlRetInt(fd, unix.NS_GET_USERNS)
	if err != nil {
		return errForeign // it is not even below ours
	}
	defer unix.Close(owner)
	id, err := identify(owner)
	if err != nil {
		return err
	}
	if id != k.user {
		return errForeign
	}
	return nil
}

func identify(fd int) (ID, error) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return ID{}, err
	}
	return ID{Dev: st.Dev, Ino: st.Ino}, nil
}

// What a name in NetnsDir can stand for instead of a namespace of ours.
var (
	errNotNetns = &Error{Errno: unix.EINVAL, Message: "not a network namespace"}
	errForeign  = &Error{Errno: unix.EPERM, Message: "the network namespace belongs to another user namespace"}
)

// missing gives the error of a namespace that cannot be opened by its name.
func missing(err error) error {
	if _, ok := err.(*Error); ok {
		return err
	}
	e := &Error{Errno: errnoOf(err), Message: "no such network namespace"}
	if e.Errno != unix.ENOENT {
		e.Message = fmt.Sprintf("%s cannot be used", NetnsDir)
	}
	return e
}
