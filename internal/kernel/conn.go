package kernel

import (
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

const (
	// receiveBuffer holds the acknowledgements of thousands of messages; the
	// default holds 256 (SO_RCVBUFFORCE, socket(7)).
	receiveBuffer = 4 << 20
	// messageBuffer is more than the kernel puts in one datagram of a dump.
	messageBuffer = 64 << 10
	// answerTime bounds the wait for the kernel's answer to one message.
	answerTime = 30 * time.Second
)

// conn is an rtnetlink socket. It stays in the namespace where it was opened.
type conn struct {
	nl   *netlink.Conn
	raw  syscall.RawConn
	used time.Time
}

// dial opens a socket in the namespace of the calling thread.
func dial() (*conn, error) {
	nl, err := netlink.Dial(unix.NETLINK_ROUTE, &netlink.Config{Strict: true, MessageBufferSize: messageBuffer})
	if err != nil {
		return nil, fmt.Errorf("netlink: %w", err)
	}
	raw, err := nl.SyscallConn()
	if err == nil {
		err = nl.SetReadBuffer(receiveBuffer)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("netlink: %w", err), nl.Close())
	}
	return &conn{nl: nl, raw: raw}, nil
}

func (c *conn) close() error { return c.nl.Close() }

// do sends one message and waits for its acknowledgement. Messages that come
// before it, such as those asked for by NLM_F_ECHO, are given to visit.
func (c *conn) do(r *Request, visit func(netlink.Message) error) error {
	sent, err := c.send(r, netlink.Request|netlink.Acknowledge|r.flags)
	if err != nil {
		return err
	}
	for {
		for m, err := range c.nl.ReceiveIter() {
			if err != nil {
				if stale(err, sent) {
					break
				}
				return r.refused(err)
			}
			switch {
			case m.Header.Sequence != sent.Header.Sequence:
			case m.Header.Type == netlink.Error: // errno 0: the acknowledgement
				return nil
			case visit != nil:
				if err := visit(m); err != nil {
					return err
				}
			}
		}
	}
}

// dump sends one request for a dump and gives each message to visit. It ends
// early, the rest unread, with the first error of visit.
func (c *conn) dump(r *Request, visit func(netlink.Message) error) error {
	sent, err := c.send(r, netlink.Request|netlink.Dump|r.flags)
	if err != nil {
		return err
	}
	interrupted := false
	var visitErr error
	for m, err := range c.nl.ReceiveIter() {
		if err != nil {
			return r.refused(err)
		}
		if m.Header.Sequence != sent.Header.Sequence {
			return fmt.Errorf("%w: a dump answered out of turn", ErrUnknown)
		}
		if m.Header.Flags&netlink.DumpInterrupted != 0 {
			interrupted = true
		}
		if visitErr == nil && m.Header.Type != netlink.Error {
			visitErr = visit(m)
		}
	}
	if visitErr != nil {
		return visitErr
	}
	if interrupted {
		return ErrInconsistent
	}
	return nil
}

func (c *conn) send(r *Request, flags netlink.HeaderFlags) (netlink.Message, error) {
	if err := c.nl.SetDeadline(time.Now().Add(answerTime)); err != nil {
		return netlink.Message{}, fmt.Errorf("netlink: %w", err)
	}
	sent, err := c.nl.Send(netlink.Message{
		Header: netlink.Header{Type: netlink.HeaderType(r.typ), Flags: flags},
		Data:   r.body,
	})
	var errno syscall.Errno
	if errors.As(err, &errno) {
		return sent, &Error{Errno: errno, Message: "the message could not be sent"}
	}
	return sent, err
}

// stale reports whether err answers a message before the one sent.
func stale(err error, sent netlink.Message) bool {
	var op *netlink.OpError
	return errors.As(err, &op) && op.Sequence != 0 && op.Sequence != sent.Header.Sequence
}

// refused turns an error of the netlink package into one of ours. What is no
// answer of the kernel to this very message leaves the outcome open.
func (r *Request) refused(err error) error {
	var op *netlink.OpError
	var errno syscall.Errno
	if !errors.As(err, &op) || op.Sequence == 0 || !errors.As(op.Err, &errno) {
		return fmt.Errorf("%w: %w", ErrUnknown, err)
	}
	e := &Error{Errno: errno, Message: op.Message}
	if op.Offset != 0 {
		e.Attr = r.attrAt(op.Offset)
	}
	return e
}
