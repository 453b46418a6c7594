package trust

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"golang.org/x/sys/unix"
)

// A Dir is an open directory that only trusted users can have changed, like all
// directories above it.
type Dir struct {
	fd     int
	path   string
	owners Owners
}

// Dir opens the directory at p, an absolute path without "." and "..".
func (o Owners) Dir(p string) (*Dir, error) { return o.walk(p, false) }

// walk opens one directory after the other from the root to p. Above is whether
// the last of them, too, is only passed on the way to something else.
func (o Owners) walk(p string, above bool) (*Dir, error) {
	if !path.IsAbs(p) || path.Clean(p) != p {
		return nil, &Error{Path: p, Reason: `want an absolute path without ".", ".." and needless slashes`}
	}
	d := &Dir{fd: unix.AT_FDCWD, owners: o}
	if err := d.enter("/", above || p != "/"); err != nil {
		return nil, err
	}
	rest := p[1:]
	for rest != "" {
		var name string
		name, rest, _ = strings.Cut(rest, "/")
		if err := d.enter(name, above || rest != ""); err != nil {
			return nil, errors.Join(err, d.Close())
		}
	}
	return d, nil
}

// enter goes from d to the directory called name in it.
func (d *Dir) enter(name string, above bool) error {
	p := path.Join(d.path, name)
	fd, err := open(d.fd, name, unix.O_PATH, 0)
	if err != nil {
		return failed(p, err)
	}
	st, err := stat(fd, p)
	if err == nil {
		err = d.owners.checkDir(p, st, above)
	}
	if err != nil {
		return errors.Join(err, unix.Close(fd))
	}
	left := d.fd
	d.fd, d.path = fd, p
	if left == unix.AT_FDCWD {
		return nil
	}
	return unix.Close(left)
}

// Close closes the directory.
func (d *Dir) Close() error { return unix.Close(d.fd) }

// FD returns the descriptor (O_PATH), which stays the Dir's.
func (d *Dir) FD() int { return d.fd }

// State returns what the directory is like now.
func (d *Dir) State() (State, error) {
	st, err := stat(d.fd, d.path)
	if err != nil {
		return State{}, err
	}
	return stateOf(st), nil
}

// Names lists the directory's entries, in no order. More than max are an error.
func (d *Dir) Names(max int) ([]string, error) {
	fd, err := open(d.fd, ".", unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, failed(d.path, err)
	}
	names, err := d.names(fd, max)
	return names, errors.Join(err, unix.Close(fd))
}

func (d *Dir) names(fd, max int) ([]string, error) {
	var names []string
	buf := make([]byte, 8<<10)
	for {
		n, err := unix.ReadDirent(fd, buf)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, failed(d.path, err)
		}
		if n == 0 {
			return names, nil
		}
		_, _, names = unix.ParseDirent(buf[:n], -1, names)
		if len(names) > max {
			return nil, &Error{Path: d.path, Reason: fmt.Sprintf("more than %d entries", max)}
		}
	}
}

// open opens name, one component of a path, or the root directory. It follows no
// symbolic link: openat2(2) could say so of a whole path, but no seccomp filter
// could see what else it is asked for.
func open(dir int, name string, flags int, mode uint32) (int, error) {
	for {
		fd, err := unix.Openat(dir, name, flags|unix.O_NOFOLLOW|unix.O_CLOEXEC, mode)
		if err != unix.EINTR {
			return fd, err
		}
	}
}

func stat(fd int, p string) (*unix.Stat_t, error) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, failed(p, err)
	}
	return &st, nil
}
