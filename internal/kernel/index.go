package kernel

import (
	"encoding/binary"

	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// skipStats leaves counters out of an answer (RTEXT_FILTER_SKIP_STATS in
// linux/rtnetlink.h).
const skipStats = 1 << 3

// maxIndices bounds the indices that a socket remembers.
const maxIndices = 4096

// index resolves a name in the socket's namespace. What it remembers of an earlier
// lot counts only if the link with that index still has that very name. The kernel
// also finds alternative names; only the canonical one counts.
//
// SIOCGIFINDEX would be the shorter way, but for a name that is not there it
// makes the kernel run modprobe for "netdev-NAME" (dev_load in
// net/core/dev_ioctl.c): the helper executes nothing, also not through others.
func (k *Kernel) index(c *conn, name attr.IfName) (uint32, error) {
	if known, ok := c.indices[name]; ok {
		if k.holds(known.lot) {
			return known.number, nil
		}
		if canonical, err := c.name(known.number); err == nil && canonical == string(name) {
			c.indices[name] = index{known.number, k.lot}
			return known.number, nil
		}
		delete(c.indices, name)
	}
	number, err := c.ask(name)
	if err != nil {
		return 0, err
	}
	canonical, err := c.name(number)
	if err != nil {
		return 0, err
	}
	if canonical != string(name) {
		return 0, unix.ENODEV
	}
	if len(c.indices) == maxIndices {
		clear(c.indices)
	}
	c.indices[name] = index{number, k.lot}
	return number, nil
}

// ask gets the index of a link by its name or alternative name (RTM_GETLINK).
func (c *conn) ask(name attr.IfName) (uint32, error) {
	r := NewRequest(unix.RTM_GETLINK, 0, &rtnetlink.LinkMessage{})
	r.String("", unix.IFLA_IFNAME, string(name))
	r.Uint32("", unix.IFLA_EXT_MASK, skipStats)
	var index uint32
	err := c.do(r, func(m netlink.Message) error {
		if m.Header.Type == unix.RTM_NEWLINK && len(m.Data) >= unix.SizeofIfInfomsg {
			index = binary.NativeEndian.Uint32(m.Data[4:]) // ifi_index
		}
		return nil
	})
	if err == nil && index == 0 {
		err = unix.ENODEV
	}
	return index, err
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
