package channel

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// check refuses what is no pipe and no Unix stream socket: a write to some other
// file would act with the helper's privilege, a read from it would mean something
// else. It also refuses a descriptor that is open for wrong, the other direction,
// only.
func check(fd int, name string, wrong int) error {
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	switch st.Mode & unix.S_IFMT {
	case unix.S_IFIFO:
	case unix.S_IFSOCK:
		ok, err := isUnixStream(fd)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if !ok {
			return unfit(name)
		}
	case unix.S_IFCHR:
		if _, err := unix.IoctlGetTermios(fd, unix.TCGETS); err == nil {
			return fmt.Errorf("%s is a terminal, but the helper speaks CBOR: "+
				"to debug by hand, run `nethelperctl encode OP ATTR=VALUE... | nethelper | nethelperctl decode`", name)
		}
		return unfit(name)
	default:
		return unfit(name)
	}
	flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if flags&unix.O_PATH != 0 || flags&unix.O_ACCMODE == wrong {
		return fmt.Errorf("%s is open for the wrong direction", name)
	}
	return nil
}

func unfit(name string) error {
	return fmt.Errorf("%s is neither a pipe nor a Unix stream socket: let the caller start the helper", name)
}

func isUnixStream(fd int) (bool, error) {
	for option, want := range map[int]int{unix.SO_DOMAIN: unix.AF_UNIX, unix.SO_TYPE: unix.SOCK_STREAM} {
		got, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, option)
		if err != nil || got != want {
			return false, err
		}
	}
	return true, nil
}
