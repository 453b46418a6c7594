package client

import (
	"errors"
	"time"

	"nethelper/pkg/ops"
	"nethelper/pkg/protocol"
)

// A call is a request and what came back for it so far. The session's lock
// guards it.
type call struct {
	op      *ops.Op
	id      uint64
	message []byte
	sent    bool
	looks   bool          // whoever made it looks for the reply, which the session does not read
	looked  time.Duration // for how long the caller has, in vain
	gone    bool          // nobody waits for it
	replies []sizedReply
	size    int // of the replies
	err     error
	wake    chan struct{} // has an element when there is something new
}

type sizedReply struct {
	protocol.Reply
	size int
}

func newCall(op *ops.Op, id uint64, message []byte, looks bool) *call {
	return &call{op: op, id: id, message: message, looks: looks, wake: make(chan struct{}, 1)}
}

// errTaken is the error of a Pending that is asked again.
var errTaken = errors.New("the reply has been taken or dropped already")

// take returns the next reply, the error where there are no more, or neither.
func (c *call) take() (*protocol.Reply, error) {
	if len(c.replies) == 0 {
		return nil, c.err
	}
	first := c.replies[0]
	c.replies = c.replies[1:]
	c.size -= first.size
	if !first.More {
		c.err = errTaken
	}
	return &first.Reply, nil
}

// drop forgets the replies, those to come included.
func (c *call) drop(err error) {
	c.replies, c.size, c.gone, c.looks = nil, 0, true, false
	c.fail(err)
}

func (c *call) fail(err error) {
	if c.err == nil {
		c.err = err
	}
	c.signal()
}

func (c *call) signal() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}
