package kernel

import (
	"cmp"
	"fmt"
	"time"

	"nethelper/pkg/attr"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// conn is a conversation with rtnetlink. It stays in the namespace where it was
// opened.
type conn struct {
	socket   socket
	sequence uint32 // of the last message
	out      []byte // the datagram being made
	used     time.Time
	// indices are those of links by their names, as they were last resolved.
	indices map[attr.IfName]index
}

// An index is that of a link, and in which lot that was made sure of.
type index struct {
	number uint32
	lot    uint64
}

// dial opens a socket in the namespace of the calling thread.
func dial() (*conn, error) {
	s, err := openSocket()
	if err != nil {
		return nil, err
	}
	return &conn{socket: s, indices: make(map[attr.IfName]index)}, nil
}

// close closes the socket. What is sent on it afterwards goes nowhere: its number
// may be that of another by then.
func (c *conn) close() error {
	s := c.socket
	c.socket = -1
	return s.close()
}

// An Exchange is one message of a datagram, and what comes of it.
type Exchange struct {
	Request *Request
	// Visit, which may be nil, is given what the kernel answers before it is done,
	// such as the object that was asked for. The data of a message is valid until
	// it returns. An error of it is the exchange's if the kernel has none.
	Visit func(netlink.Message) error
	// Err is what the kernel says: nil where it is done.
	Err error
}

func (e *Exchange) visit(m netlink.Message) {
	if e.Visit != nil && e.Err == nil {
		e.Err = e.Visit(m)
	}
}

// MaxPack is how many messages a datagram may have, and how many bytes, of which
// one message alone may have more. The answers to so many fit the socket's buffer.
const (
	MaxPack     = 256
	maxDatagram = 64 << 10
)

// carry sends the messages of up to MaxPack exchanges and waits until the kernel
// has carried them out, one after the other, whatever becomes of any.
//
// Only the last asks for an acknowledgement. The kernel answers each that fails in
// any case, and the answers come in order: silence up to the last one is success.
func (c *conn) carry(pack []*Exchange) {
	for len(pack) > 0 {
		n := c.compose(pack)
		if err := c.socket.send(c.out); err != nil {
			for _, e := range pack[:n] {
				e.Err = err
			}
		} else if err := c.settle(pack[:n]); err != nil {
			for _, e := range pack[:n] {
				e.Err = cmp.Or(e.Err, err)
			}
		}
		pack = pack[n:]
	}
}

// compose makes a datagram of as many messages as fit, and returns how many.
func (c *conn) compose(pack []*Exchange) (n int) {
	c.out = c.out[:0]
	last := 0 // where the last message starts
	for _, e := range pack {
		if n == MaxPack || n > 0 && len(c.out)+e.Request.size() > maxDatagram {
			break
		}
		last = len(c.out)
		c.append(e.Request, netlink.Request)
		n++
	}
	addFlags(c.out[last:], netlink.Acknowledge)
	return n
}

// append adds a message to the datagram.
func (c *conn) append(r *Request, flags netlink.HeaderFlags) {
	c.sequence++
	c.out = r.append(c.out, c.sequence, flags)
}

// settle reads what the kernel answers to a datagram of exchanges. An error means
// that answers may be lost: those that have come stand.
func (c *conn) settle(pack []*Exchange) error {
	first := c.sequence - uint32(len(pack)) + 1
	for {
		for m, err := range c.receive(first, len(pack)) {
			if err != nil {
				return err
			}
			e := pack[m.Header.Sequence-first]
			if m.Header.Type != netlink.Error {
				e.visit(m)
				continue
			}
			e.Err = cmp.Or(e.Request.answer(m), e.Err)
			if m.Header.Sequence == c.sequence {
				return nil
			}
		}
	}
}

// do carries out one message. What the kernel answers before the acknowledgement
// is given to visit.
func (c *conn) do(r *Request, visit func(netlink.Message) error) error {
	e := Exchange{Request: r, Visit: visit}
	c.carry([]*Exchange{&e})
	return e.Err
}

// dump sends one request for a dump and gives each message to visit until that
// returns an error. The rest is read and dropped then, so that the socket is
// ready for the next request.
func (c *conn) dump(r *Request, visit func(netlink.Message) error) error {
	c.out = c.out[:0]
	c.append(r, netlink.Request|netlink.Dump)
	if err := c.socket.send(c.out); err != nil {
		return err
	}
	var visitErr, interrupted error
	for {
		for m, err := range c.receive(c.sequence, 1) {
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

// ioctl asks about a link of the socket's namespace (netdevice(7)).
func (c *conn) ioctl(request uint, ifr *unix.Ifreq) error {
	if err := unix.IoctlIfreq(int(c.socket), request, ifr); err != nil {
		return fmt.Errorf("ioctl: %w", err)
	}
	return nil
}
