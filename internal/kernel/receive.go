package kernel

import (
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// messageBuffer is more than the kernel puts in one datagram: parts of dumps have
// 32 KiB at most, and one link with all its virtual functions little more than
// the longest attribute, 64 KiB.
const messageBuffer = 128 << 10

var buffers = sync.Pool{New: func() any { return new([messageBuffer]byte) }}

// receive reads one datagram and yields its messages that answer the request with
// the sequence number. Their data is valid until the next is asked for. An error
// means that an answer is lost, or that none came in time.
func (c *conn) receive(sequence uint32) iter.Seq2[netlink.Message, error] {
	return func(yield func(netlink.Message, error) bool) {
		buffer := buffers.Get().(*[messageBuffer]byte)
		defer buffers.Put(buffer)
		datagram, err := c.read(buffer[:])
		if err != nil {
			yield(netlink.Message{}, fmt.Errorf("%w: %w", ErrUnknown, err))
			return
		}
		for m, err := range messages(datagram) {
			if err == nil && m.Header.Sequence != sequence {
				continue
			}
			if !yield(m, err) {
				return
			}
		}
	}
}

// read reads the next datagram of the kernel's into buffer.
func (c *conn) read(buffer []byte) ([]byte, error) {
	for waits := false; ; {
		n, flags, from, err := c.recvmsg(buffer, waits)
		if errors.Is(err, unix.EAGAIN) {
			if err := c.nl.SetReadDeadline(time.Now().Add(answerTime)); err != nil {
				return nil, err
			}
			waits = true
			continue
		}
		if err != nil {
			return nil, err
		}
		if flags&unix.MSG_TRUNC != 0 {
			return nil, unix.EMSGSIZE
		}
		// Other processes can send to the socket as well (netlink(7)).
		if kernel, ok := from.(*unix.SockaddrNetlink); ok && kernel.Pid == 0 {
			return buffer[:n], nil
		}
	}
}

// recvmsg receives one datagram. Unless it waits, the error is EAGAIN where none is
// there. The kernel answers while a message is being sent, so that there is one
// nearly always; a wait, and a deadline for it, cost more than the answer.
func (c *conn) recvmsg(buffer []byte, waits bool) (n, flags int, from unix.Sockaddr, err error) {
	receive := func(fd uintptr) {
		for err = unix.EINTR; errors.Is(err, unix.EINTR); {
			n, _, flags, from, err = unix.Recvmsg(int(fd), buffer, nil, unix.MSG_DONTWAIT)
		}
	}
	var failed error
	if waits {
		failed = c.raw.Read(func(fd uintptr) bool {
			receive(fd)
			return !errors.Is(err, unix.EAGAIN)
		})
	} else {
		failed = c.raw.Control(receive)
	}
	return n, flags, from, errors.Join(failed, err)
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
