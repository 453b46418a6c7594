package kernel

import (
	"cmp"
	"errors"
	"fmt"
	"syscall"
	"time"

	"nethelper/pkg/attr"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// receiveBuffer holds the acknowledgements of thousands of messages; the default
// holds 256 (SO_RCVBUFFORCE, socket(7)).
const receiveBuffer = 4 << 20

// answerTime bounds the wait for the kernel's next answer.
var answerTime = 30 * time.Second

// conn is an rtnetlink socket. It stays in the namespace where it was opened.
type conn struct {
	nl   *netlink.Conn
	raw  syscall.RawConn
	used time.Time
	// indices are those of links by their names, as they were last resolved.
	indices map[attr.IfName]uint32
}

// dial opens a socket in the namespace of the calling thread.
func dial() (*conn, error) {
	nl, err := netlink.Dial(unix.NETLINK_ROUTE, &netlink.Config{Strict: true})
	if err != nil {
		return nil, fmt.Errorf("netlink: %w", err)
	}
	raw, err := nl.SyscallConn()
	if err == nil {
		err = errors.Join(nl.SetReadBuffer(receiveBuffer), nl.SetOption(netlink.CapAcknowledge, true))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("netlink: %w", err), nl.Close())
	}
	return &conn{nl: nl, raw: raw, indices: make(map[attr.IfName]uint32)}, nil
}

func (c *conn) close() error { return c.nl.Close() }

// do sends one message and waits for its acknowledgement. What the kernel answers
// before it, such as the object asked for, is given to visit. An error of visit
// is returned if the kernel has none.
func (c *conn) do(r *Request, visit func(netlink.Message) error) error {
	sequence, err := c.send(r, netlink.Request|netlink.Acknowledge|r.flags)
	if err != nil {
		return err
	}
	var visitErr error
	for {
		for m, err := range c.receive(sequence) {
			switch {
			case err != nil:
				return err
			case m.Header.Type == netlink.Error:
				return cmp.Or(r.answer(m), visitErr)
			case visit != nil && visitErr == nil:
				visitErr = visit(m)
			}
		}
	}
}

// dump sends one request for a dump and gives each message to visit until that
// returns an error. The rest is read and dropped then, so that the socket is
// ready for the next request.
func (c *conn) dump(r *Request, visit func(netlink.Message) error) error {
	sequence, err := c.send(r, netlink.Request|netlink.Dump|r.flags)
	if err != nil {
		return err
	}
	var visitErr, interrupted error
	for {
		for m, err := range c.receive(sequence) {
			if err != nil {
				return err
			}
			// The flag may be on the last message alone, where a change cut off
			// what was still to come.
			if m.Header.Flags&netlink.DumpInterrupted != 0 {
				interrupted = ErrInconsistent
			}
			switch {
			case m.Header.Type == netlink.Error, m.Header.Type == netlink.Done:
				return cmp.Or(r.answer(m), visitErr, interrupted)
			case visitErr == nil:
				visitErr = visit(m)
			}
		}
	}
}

// send returns the sequence number of the message that it has sent. The kernel
// has carried nothing out if it fails: netlink takes a message whole or not.
func (c *conn) send(r *Request, flags netlink.HeaderFlags) (uint32, error) {
	sent, err := c.nl.Send(netlink.Message{
		Header: netlink.Header{Type: netlink.HeaderType(r.typ), Flags: flags},
		Data:   r.body,
	})
	if err != nil {
		return 0, &Error{Errno: errnoOf(err), Message: "the message could not be sent"}
	}
	return sent.Header.Sequence, nil
}
