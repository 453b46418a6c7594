package kernel

import (
	"errors"
	"syscall"

	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// index resolves a name on the socket itself, in the socket's namespace, without
// the routing lock (netdevice(7)). The kernel also finds alternative names; only
// the canonical one counts.
func (c *conn) index(name attr.IfName) (uint32, error) {
	ifr, err := unix.NewIfreq(string(name))
	if err != nil {
		return 0, err
	}
	if err := c.ioctl(unix.SIOCGIFINDEX, ifr); err != nil {
		return 0, err
	}
	index := ifr.Uint32()
	canonical, err := c.name(index)
	if err != nil {
		return 0, err
	}
	if canonical != string(name) {
		return 0, unix.ENODEV
	}
	return index, nil
}

// name returns the canonical name of the link with the index.
func (c *conn) name(index uint32) (string, error) {
	ifr, err := unix.NewIfreq("")
	if err != nil {
		return "", err
	}
	ifr.SetUint32(index)
	if err := c.ioctl(unix.SIOCGIFNAME, ifr); err != nil {
		return "", err
	}
	return ifr.Name(), nil
}

func (c *conn) ioctl(request uint, ifr *unix.Ifreq) error {
	var err error
	if control := c.raw.Control(func(fd uintptr) {
		err = unix.IoctlIfreq(int(fd), request, ifr)
	}); control != nil {
		return control
	}
	return err
}

// errnoOf returns the errno in err, or EIO where there is none.
func errnoOf(err error) syscall.Errno {
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return errno
	}
	return unix.EIO
}
