package ops

import (
	"fmt"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// nsidOf asks for the number that the namespace called name has in the helper's
// own.
func nsidOf(t *kernel.Task, name attr.NetNS) (*uint32, error) {
	fd, done, err := t.Open("name", name)
	if err != nil {
		return nil, err
	}
	defer done()
	own, err := t.In(nil)
	if err != nil {
		return nil, err
	}
	var id *uint32
	err = own.Ask(encodeGetNSID(uint32(fd)), func(m netlink.Message) (err error) {
		id, err = decodeNSID(m.Data)
		return err
	})
	return id, err
}

// rtgenmsg is the header of messages that have nothing in it but a family
// (linux/rtnetlink.h).
type rtgenmsg struct{ family uint8 }

func (m rtgenmsg) MarshalBinary() ([]byte, error) { return []byte{m.family, 0, 0, 0}, nil }

const sizeofRtgenmsg = unix.NLMSG_ALIGNTO // aligned

func encodeGetNSID(fd uint32) *kernel.Request {
	r := kernel.NewRequest(unix.RTM_GETNSID, 0, rtgenmsg{unix.AF_UNSPEC})
	r.Uint32("name", unix.NETNSA_FD, fd)
	return r
}

// decodeNSID reads a message RTM_NEWNSID. A namespace without a number has -1.
func decodeNSID(b []byte) (*uint32, error) {
	if len(b) < sizeofRtgenmsg {
		return nil, fmt.Errorf("namespace message of %d bytes", len(b))
	}
	ad, err := kernel.NewAttributes(b[sizeofRtgenmsg:])
	if err != nil {
		return nil, err
	}
	id := int32(unix.NETNSA_NSID_NOT_ASSIGNED)
	for ad.Next() {
		if ad.Type() == unix.NETNSA_NSID {
			id = ad.Int32()
		}
	}
	if err := ad.Err(); err != nil {
		return nil, fmt.Errorf("namespace message: %w", err)
	}
	if id < 0 {
		return nil, nil
	}
	return new(uint32(id)), nil
}
