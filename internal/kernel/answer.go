package kernel

import (
	"encoding/binary"
	"strings"
	"syscall"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// Attributes of an extended acknowledgement (linux/netlink.h).
const (
	nlmsgerrAttrMsg  = 1
	nlmsgerrAttrOffs = 2
)

// errnoSize is that of the number with which NLMSG_ERROR and NLMSG_DONE begin.
const errnoSize = 4

// answer returns what NLMSG_ERROR, or NLMSG_DONE at the end of a dump, says about
// r: nil where the errno is 0.
func (r *Request) answer(m netlink.Message) error {
	if len(m.Data) < errnoSize {
		return errMalformed
	}
	errno := -int32(binary.NativeEndian.Uint32(m.Data))
	if errno == 0 {
		return nil
	}
	e := &Error{Errno: syscall.Errno(errno)}
	if m.Header.Flags&netlink.AcknowledgeTLVs == 0 {
		return e
	}
	ad, err := NewAttributes(extended(m))
	if err != nil {
		return e // the errno is worth more than the explanation
	}
	for ad.Next() {
		switch ad.Type() {
		case nlmsgerrAttrMsg:
			e.Message = strings.ToValidUTF8(unix.ByteSliceToString(ad.Bytes()), "\uFFFD")
		case nlmsgerrAttrOffs:
			e.Attr = r.attrAt(int(ad.Uint32()))
		}
	}
	return e
}

// extended returns the attributes of an extended acknowledgement. In NLMSG_ERROR
// they stand behind the message that is refused, or behind its header alone.
func extended(m netlink.Message) []byte {
	at := errnoSize
	if m.Header.Type == netlink.Error {
		at += unix.SizeofNlMsghdr
		if m.Header.Flags&netlink.Capped == 0 && len(m.Data) >= at {
			at = errnoSize + aligned(int(binary.NativeEndian.Uint32(m.Data[errnoSize:])))
		}
	}
	if at < 0 || at > len(m.Data) {
		return nil
	}
	return m.Data[at:]
}
