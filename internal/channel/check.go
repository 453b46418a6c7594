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
		if err := checkSocket(fd); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	case unix.S_IFCHR:
		if _, err := unix.IoctlGetTermios(fd, unix.TCGETS); err == nil {
			return fmt.Errorf("%s is a terminal, but the helper speaks CBOR: "+
				"to debug by hand, run `nethelperctl encode OP ATTR=VALUE... | nethelper | nethelperctl decode`", name)
		}
		fallthrough
	default:
		return fmt.Errorf("%s is neither a pipe nor a Unix stream socket: let the caller start the helper", name)
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

func checkSocket(fd int) error {
	for option, want := range map[int]int{unix.SO_DOMAIN: unix.AF_UNIX, unix.SO_TYPE: unix.SOCK_STREAM, unix.SO_ACCEPTCONN: 0} {
		got, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, option)
		if err != nil {
			return err
		}
		if got != want {
			return fmt.Errorf("neither a pipe nor a Unix stream socket: let the caller start the helper")
		}
	}
	return nil
}
