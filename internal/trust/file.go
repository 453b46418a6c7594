package trust

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// ReadFile reads the file at p, an absolute path without "." and "..". A file of
// more than limit bytes is an error.
func (o Owners) ReadFile(p string, limit int) ([]byte, State, error) {
	d, name, err := o.parent(p)
	if err != nil {
		return nil, State{}, err
	}
	text, state, err := d.ReadFile(name, limit)
	return text, state, errors.Join(err, d.Close())
}

// Append opens the file at p, an absolute path without "." and "..", for
// appending. If there is none, it makes one that the group of the directory can read
// as well, if this process may give it to that group.
func (o Owners) Append(p string) (fd int, err error) {
	d, name, err := o.parent(p)
	if err != nil {
		return -1, err
	}
	fd, err = d.append(name)
	if failure := errors.Join(err, d.Close()); failure != nil {
		if err == nil {
			failure = errors.Join(failure, unix.Close(fd))
		}
		return -1, failure
	}
	return fd, nil
}

// parent opens the directory that p is in.
func (o Owners) parent(p string) (*Dir, string, error) {
	dir, name := path.Split(p)
	if dir == "" || path.Clean(p) != p || name == "" {
		return nil, "", &Error{Path: p, Reason: `want an absolute path of a file, without ".", ".." and needless slashes`}
	}
	d, err := o.walk(path.Clean(dir), true)
	return d, name, err
}

// special keeps the opening of what is no regular file from having effects.
const special = unix.O_NONBLOCK | unix.O_NOCTTY

// ReadFile reads the file called name in the directory. A file of more than
// limit bytes is an error.
func (d *Dir) ReadFile(name string, limit int) ([]byte, State, error) {
	fd, st, err := d.open(name, unix.O_RDONLY, 0)
	if err != nil {
		return nil, State{}, err
	}
	text, err := read(fd, path.Join(d.path, name), st, limit)
	if err = errors.Join(err, unix.Close(fd)); err != nil {
		return nil, State{}, err
	}
	return text, stateOf(st), nil
}

// append opens the file called name for appending, or makes it. Another process
// may make it meanwhile.
func (d *Dir) append(name string) (int, error) {
	const flags = unix.O_WRONLY | unix.O_APPEND
	fd, _, err := d.open(name, flags, 0)
	if !errors.Is(err, unix.ENOENT) {
		return fd, err
	}
	fd, _, err = d.open(name, flags|unix.O_CREAT|unix.O_EXCL, 0o600)
	if errors.Is(err, unix.EEXIST) {
		fd, _, err = d.open(name, flags, 0)
		return fd, err
	}
	if err != nil {
		return -1, err
	}
	if err := d.share(fd); err != nil {
		return -1, errors.Join(failed(path.Join(d.path, name), err), unix.Close(fd))
	}
	return fd, nil
}

// share lets the group of the directory read a new file. The group that the file was
// made with is that of whoever started the process.
func (d *Dir) share(fd int) error {
	st, err := stat(d.fd, d.path)
	if err != nil {
		return err
	}
	err = unix.Fchown(fd, -1, int(st.Gid))
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EINVAL) {
		return nil // it stays its owner's alone
	}
	if err != nil {
		return err
	}
	return unix.Fchmod(fd, 0o640)
}

// open opens the file called name and judges it.
func (d *Dir) open(name string, flags int, mode uint32) (int, *unix.Stat_t, error) {
	p := path.Join(d.path, name)
	if name == "" || name == "." || name == ".." || strings.ContainsRune(name, '/') {
		return -1, nil, &Error{Path: p, Reason: "want the name of a file"}
	}
	fd, err := open(d.fd, name, flags|special, mode)
	switch {
	case errors.Is(err, unix.ELOOP):
		return -1, nil, &Error{Path: p, Reason: "a symbolic link, want a regular file", Err: err}
	case errors.Is(err, unix.ENXIO):
		return -1, nil, &Error{Path: p, Reason: "a FIFO, socket or device, want a regular file", Err: err}
	case err != nil:
		return -1, nil, failed(p, err)
	}
	st, err := stat(fd, p)
	if err == nil {
		err = d.owners.checkFile(p, st)
	}
	if err != nil {
		return -1, nil, errors.Join(err, unix.Close(fd))
	}
	return fd, st, nil
}

// read reads all of a file that was in state st when it was opened.
func read(fd int, p string, st *unix.Stat_t, limit int) ([]byte, error) {
	if st.Size > int64(limit) {
		return nil, &Error{Path: p, Reason: fmt.Sprintf("%d bytes, the limit is %d", st.Size, limit)}
	}
	// One byte more than there should be, so that growth shows.
	text, n := make([]byte, st.Size+1), 0
	for n < len(text) {
		m, err := unix.Read(fd, text[n:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, failed(p, err)
		}
		if m == 0 {
			break
		}
		n += m
	}
	after, err := stat(fd, p)
	if err != nil {
		return nil, err
	}
	if int64(n) != st.Size || stateOf(after) != stateOf(st) {
		return nil, changed(p)
	}
	return text[:n], nil
}
