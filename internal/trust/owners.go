package trust

import (
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Owners says whose files and directories are trusted. The zero value trusts
// nobody.
type Owners struct {
	// Files are the user ids that a file may belong to.
	Files []uint32
	// Dirs are the user ids that the directories above it may belong to.
	Dirs []uint32
	// Sticky admits, above what is opened, directories in which anybody may make
	// files but only the owner of one may rename or remove it, such as /tmp.
	Sticky bool
}

// overflowUID is how a user namespace shows the owner of what belongs to no user
// of its own, such as the root directory (user_namespaces(7)).
const overflowUID = 65534

// Root trusts root alone. A process that gained privilege trusts nobody else.
func Root() Owners {
	return Owners{Files: []uint32{0}, Dirs: []uint32{0}}
}

// Own trusts root and the user with the given id. It is for a process that acts
// with that user's power only. In a user namespace, where root's directories
// belong to nobody known, it trusts those too.
func Own(uid uint32, userNamespace bool) Owners {
	o := Owners{Files: []uint32{uid}, Dirs: []uint32{uid}, Sticky: true}
	if uid != 0 {
		o.Files = append(o.Files, 0)
		o.Dirs = append(o.Dirs, 0)
	}
	if userNamespace {
		o.Dirs = append(o.Dirs, overflowUID)
	}
	return o
}

const othersWrite = unix.S_IWGRP | unix.S_IWOTH

// checkFile says why the file at path is not trusted.
func (o Owners) checkFile(path string, st *unix.Stat_t) error {
	if st.Mode&unix.S_IFMT != unix.S_IFREG {
		return &Error{Path: path, Reason: kindOf(st) + ", want a regular file"}
	}
	if err := checkOwner(path, st, o.Files); err != nil {
		return err
	}
	if err := checkMode(path, st); err != nil {
		return err
	}
	if st.Nlink == 0 {
		return changed(path)
	}
	if st.Nlink != 1 {
		return &Error{
			Path:   path,
			Reason: "has " + strconv.FormatUint(uint64(st.Nlink), 10) + " hard links, want one",
			Remedy: "put a copy in its place",
		}
	}
	return nil
}

// checkDir says why the directory at path is not trusted. Above is whether it is
// passed on the way to something whose owner is checked in turn.
func (o Owners) checkDir(path string, st *unix.Stat_t, above bool) error {
	if st.Mode&unix.S_IFMT != unix.S_IFDIR {
		return &Error{Path: path, Reason: kindOf(st) + ", want a directory", Err: unix.ENOTDIR}
	}
	if err := checkOwner(path, st, o.Dirs); err != nil {
		return err
	}
	if o.Sticky && above && st.Mode&unix.S_ISVTX != 0 {
		return nil
	}
	return checkMode(path, st)
}

func checkOwner(path string, st *unix.Stat_t, trusted []uint32) error {
	if slices.Contains(trusted, st.Uid) {
		return nil
	}
	e := &Error{Path: path, Reason: "belongs to uid " + strconv.FormatUint(uint64(st.Uid), 10)}
	if len(trusted) > 0 {
		e.Reason += ", want uid " + join(trusted)
		e.Remedy = "chown " + join(trusted[:1]) + " " + path
	}
	return e
}

func checkMode(path string, st *unix.Stat_t) error {
	switch st.Mode & othersWrite {
	case 0:
		return nil
	case unix.S_IWGRP:
		return &Error{Path: path, Reason: "writable by group", Remedy: "chmod g-w " + path}
	case unix.S_IWOTH:
		return &Error{Path: path, Reason: "writable by others", Remedy: "chmod o-w " + path}
	}
	return &Error{Path: path, Reason: "writable by group and others", Remedy: "chmod go-w " + path}
}

func kindOf(st *unix.Stat_t) string {
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		return "a regular file"
	case unix.S_IFDIR:
		return "a directory"
	case unix.S_IFLNK:
		return "a symbolic link"
	case unix.S_IFIFO:
		return "a FIFO"
	case unix.S_IFSOCK:
		return "a socket"
	}
	return "a device"
}

func join(uids []uint32) string {
	words := make([]string, len(uids))
	for i, uid := range uids {
		words[i] = strconv.FormatUint(uint64(uid), 10)
	}
	return strings.Join(words, " or ")
}
