package kernel

import (
	"encoding/binary"
	"fmt"
	"iter"
	"sync"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

var buffers = sync.Pool{New: func() any { return new([messageBuffer]byte) }}

// receive reads one datagram and yields its messages that answer one of the count
// requests whose sequence numbers start with first. Their data is valid until the
// next is asked for. An error means that an answer is lost, or that none came in
// time.
func (c *conn) receive(first uint32, count int) iter.Seq2[netlink.Message, error] {
	return func(yield func(netlink.Message, error) bool) {
		buffer := buffers.Get().(*[messageBuffer]byte)
		defer buffers.Put(buffer)
		datagram, err := c.socket.receive(buffer[:])
		if err != nil {
			yield(netlink.Message{}, fmt.Errorf("%w: %w", ErrUnknown, err))
			return
		}
		for m, err := range messages(datagram) {
			if err == nil && m.Header.Sequence-first >= uint32(count) {
				continue
			}
			if !yield(m, err) {
				return
			}
		}
	}
}

// messages yields the messages in a datagram.
func messages(b []byte) iter.Seq2[netlink.Message, error] {
	return func(yield func(netlink.Message, error) bool) {
		for len(b) > 0 {
			if len(b) < unix.SizeofNlMsghdr {
				yield(netlink.Message{}, errMalformed)
				return
			}
			h := netlink.Header{
				Length:   binary.NativeEndian.Uint32(b),
				Type:     netlink.HeaderType(binary.NativeEndian.Uint16(b[4:])),
				Flags:    netlink.HeaderFlags(binary.NativeEndian.Uint16(b[6:])),
				Sequence: binary.NativeEndian.Uint32(b[8:]),
				PID:      binary.NativeEndian.Uint32(b[12:]),
			}
			if h.Length < unix.SizeofNlMsghdr || uint64(h.Length) > uint64(len(b)) {
				yield(netlink.Message{}, errMalformed)
				return
			}
			if !yield(netlink.Message{Header: h, Data: b[unix.SizeofNlMsghdr:h.Length]}, nil) {
				return
			}
			b = b[min(aligned(int(h.Length)), len(b)):]
		}
	}
}

// errMalformed is returned for what is no netlink message.
var errMalformed = fmt.Errorf("%w: malformed message", ErrUnknown)

func aligned(n int) int { return (n + unix.NLMSG_ALIGNTO - 1) &^ (unix.NLMSG_ALIGNTO - 1) }
