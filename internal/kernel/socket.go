package kernel

import (
	"errors"
	"fmt"
	"os"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	// receiveBuffer holds the answers to thousands of messages; the default holds 256
	// (SO_RCVBUFFORCE, socket(7)).
	receiveBuffer = 4 << 20
	// messageBuffer is more than the kernel puts in one datagram: parts of dumps have
	// 32 KiB at most, and one link with all its virtual functions little more than
	// the longest attribute, 64 KiB.
	messageBuffer = 128 << 10
)

// answerTime bounds the wait for the kernel's next answer.
var answerTime = 30 * time.Second

// A socket is one of rtnetlink (netlink(7)), in the namespace of the thread that
// opened it. It is connected to the kernel, which then takes nothing for it from
// other processes.
//
// System calls are made directly: the kernel carries a message out and queues its
// answer within the call that sends it, and a pass through the runtime's poller
// costs more than that.
type socket int

// openSocket opens a socket in the namespace of the calling thread.
func openSocket() (socket, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_ROUTE)
	if err != nil {
		return -1, fmt.Errorf("netlink: socket: %w", err)
	}
	for _, option := range []struct{ level, name, value int }{
		{unix.SOL_NETLINK, unix.NETLINK_EXT_ACK, 1},
		{unix.SOL_NETLINK, unix.NETLINK_GET_STRICT_CHK, 1},
		{unix.SOL_NETLINK, unix.NETLINK_CAP_ACK, 1},
		{unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, receiveBuffer},
	} {
		err := unix.SetsockoptInt(fd, option.level, option.name, option.value)
		if err == unix.EPERM && option.name == unix.SO_RCVBUFFORCE {
			// A helper that only reads may not go beyond the limit of the machine.
			err = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, receiveBuffer)
		}
		if err != nil {
			return -1, errors.Join(fmt.Errorf("netlink: setsockopt %d: %w", option.name, err), unix.Close(fd))
		}
	}
	if err := unix.Connect(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return -1, errors.Join(fmt.Errorf("netlink: connect: %w", err), unix.Close(fd))
	}
	return socket(fd), nil
}

func (s socket) close() error { return unix.Close(int(s)) }

// send sends a datagram, which the kernel takes whole or not.
func (s socket) send(datagram []byte) error {
	for {
		switch _, err := unix.Write(int(s), datagram); err {
		case nil:
			return nil
		case unix.EINTR:
		default:
			return &Error{Errno: errnoOf(err), Message: "the message could not be sent"}
		}
	}
}

// receive reads the next datagram into buffer, and waits for it as long as
// answerTime. An error means that an answer is lost, or did not come.
func (s socket) receive(buffer []byte) ([]byte, error) {
	for {
		n, err := s.read(buffer)
		switch {
		case err == unix.EINTR:
		case err == unix.EAGAIN:
			if err := s.wait(); err != nil {
				return nil, err
			}
		case err != nil:
			return nil, err
		case n == len(buffer):
			return nil, unix.EMSGSIZE // there may have been more of it
		default:
			return buffer[:n], nil
		}
	}
}

// read reads what there is, and waits for no message. It may take long, since the kernel
// makes up the next part of a dump meanwhile, but the runtime is told nothing of it: it
// would take the processor from the goroutine, for others that are not there.
func (s socket) read(buffer []byte) (int, error) {
	n, _, errno := unix.RawSyscall(unix.SYS_READ, uintptr(s), uintptr(unsafe.Pointer(unsafe.SliceData(buffer))), uintptr(len(buffer)))
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}

// wait waits until there is something to read.
func (s socket) wait() error {
	deadline := time.Now().Add(answerTime)
	fds := []unix.PollFd{{Fd: int32(s), Events: unix.POLLIN}}
	for {
		left := unix.NsecToTimespec(max(0, time.Until(deadline).Nanoseconds()))
		switch n, err := unix.Ppoll(fds, &left, nil); {
		case err == unix.EINTR:
		case err != nil:
			return err
		case n == 0:
			return os.ErrDeadlineExceeded
		default:
			return nil
		}
	}
}
