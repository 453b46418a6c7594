package privilege

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// GuardStderr puts /dev/null in the place of a standard error to which writing
// could act, with the helper's privilege, on something else than a reader: what
// is no pipe, Unix socket, terminal, /dev/null or stored file.
func GuardStderr() error {
	ok, err := harmless(2)
	if err != nil || ok {
		return err
	}
	null, err := unix.Open("/dev/null", unix.O_WRONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("/dev/null: %w", err)
	}
	if err := unix.Dup3(null, 2, 0); err != nil {
		return fmt.Errorf("dup3: %w", err)
	}
	return unix.Close(null)
}

func harmless(fd int) (bool, error) {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return false, fmt.Errorf("stderr: %w", err)
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFIFO:
		return true, nil
	case unix.S_IFSOCK:
		domain, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DOMAIN)
		return err == nil && domain == unix.AF_UNIX, nil
	case unix.S_IFCHR:
		_, err := unix.IoctlGetTermios(fd, unix.TCGETS)
		return err == nil || st.Rdev == unix.Mkdev(1, 3), nil
	case unix.S_IFREG:
		var fs unix.Statfs_t
		if err := unix.Fstatfs(fd, &fs); err != nil {
			return false, fmt.Errorf("stderr: %w", err)
		}
		return fs.Blocks > 0, nil // what the kernel makes up has none
	}
	return false, nil
}
