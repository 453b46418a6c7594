package kernel

import (
	"errors"
	"io"
	"os"

	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// An Entry is a name in NetnsDir.
type Entry struct {
	Name string
	// Valid says that a network namespace can be found by the name. It is false
	// for a left-over file, and for a namespace of another user namespace.
	Valid bool
	// Inode is that of a valid entry's namespace, or 0.
	Inode uint64
}

// Netns tells what is behind the name, the value of the attribute called attrName.
func (t *Task) Netns(attrName string, name attr.NetNS) (Entry, error) {
	_, id, done, err := t.open(attrName, &name)
	if isInvalid(err) {
		return Entry{Name: string(name)}, nil
	}
	if err != nil {
		return Entry{}, err
	}
	done()
	t.Touched.Netns = id.Ino
	return Entry{Name: string(name), Valid: true, Inode: id.Ino}, nil
}

// isInvalid reports whether an error of openEntry says that there is something,
// which is no network namespace of ours.
func isInvalid(err error) bool {
	return errors.Is(err, errNotNetns) || errors.Is(err, errForeign)
}

const namesAtOnce = 256

// EachNetns gives every entry of NetnsDir to visit, in no order. It ends with the
// first error of visit. Without the directory there are none.
func (t *Task) EachNetns(visit func(Entry) error) error {
	fd, err := openDir(unix.O_RDONLY)
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	if err != nil {
		return missing(err)
	}
	dir := os.NewFile(uintptr(fd), NetnsDir)
	defer dir.Close()
	return eachName(dir, func(name string) error {
		entry, err := t.k.entry(fd, name)
		if errors.Is(err, unix.ENOENT) { // gone since
			return nil
		}
		if err != nil {
			return err
		}
		return visit(entry)
	})
}

func (k *Kernel) entry(dir int, name string) (Entry, error) {
	fd, id, err := k.openEntry(dir, name)
	if isInvalid(err) {
		return Entry{Name: name}, nil
	}
	if err != nil {
		return Entry{}, err
	}
	unix.Close(fd)
	return Entry{Name: name, Valid: true, Inode: id.Ino}, nil
}

// eachName gives the names in a directory to visit, reading a bounded number of
// them at a time.
func eachName(dir *os.File, visit func(name string) error) error {
	for {
		names, err := dir.Readdirnames(namesAtOnce)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, name := range names {
			if err := visit(name); err != nil {
				return err
			}
		}
	}
}
