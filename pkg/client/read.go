package client

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"nethelper/pkg/protocol"
)

// read reads the next message.
func (s *session) read(r io.Reader) ([]byte, error) {
	message, err := protocol.Read(r, protocol.MaxReply)
	if err != nil {
		return nil, err
	}
	s.trace(Received, message)
	return message, nil
}

// greet reads the hello. The version is looked at first: the hello of another
// version may hold what this one does not know.
func (s *session) greet(r io.Reader) (protocol.Hello, error) {
	var hello protocol.Hello
	if err := s.out.SetReadDeadline(time.Now().Add(s.limits.hello)); err != nil {
		return hello, err
	}
	message, err := s.read(r)
	if err != nil {
		return hello, err
	}
	var fields map[string]protocol.Raw
	if err := protocol.Unmarshal(message, &fields); err != nil {
		return hello, &ReplyError{Reason: err.Error()}
	}
	var version uint32
	if err := protocol.Unmarshal(fields["nethelper"], &version); err != nil {
		return hello, &ReplyError{Reason: "no hello"}
	}
	if version != protocol.Version {
		return hello, &VersionError{Version: version}
	}
	if err := protocol.Unmarshal(message, &hello); err != nil {
		return hello, &ReplyError{Reason: err.Error()}
	}
	if hello.Error != nil {
		return hello, &UnavailableError{Hello: hello}
	}
	return hello, s.out.SetReadDeadline(time.Time{})
}

// dispatch gives a reply to the call that it answers.
func (s *session) dispatch(message []byte) error {
	var reply protocol.Reply
	if err := protocol.Unmarshal(message, &reply); err != nil {
		return &ReplyError{Reason: err.Error()}
	}
	if reply.ID == 0 && reply.Error != nil {
		return reply.Error
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pending) == 0 || s.pending[0].id != reply.ID {
		return &ReplyError{Reason: fmt.Sprintf("id %d is not that of the oldest request", reply.ID)}
	}
	c := s.pending[0]
	if !c.gone {
		c.replies = append(c.replies, sizedReply{reply, len(message)})
		c.size += len(message)
		c.signal()
	}
	if reply.More {
		s.hold(c)
	} else {
		s.pending = s.pending[1:]
	}
	return nil
}

// hold waits until the consumer of a list, whose reply is being read, has room for
// more of it.
func (s *session) hold(c *call) {
	stalled := false
	var timer *time.Timer
	for !c.gone && !s.closing && !s.dead && c.size >= s.limits.window {
		if s.othersWait(c) {
			switch {
			case c.size < s.limits.readAhead:
				return
			case stalled:
				c.drop(ErrStalled)
				return
			case timer == nil:
				timer = time.AfterFunc(s.limits.stall, func() {
					s.mu.Lock()
					defer s.mu.Unlock()
					stalled = true
					s.changed.Broadcast()
				})
				defer timer.Stop()
			}
		}
		s.changed.Wait()
	}
}

// othersWait reports whether anybody waits for another reply than that to c.
func (s *session) othersWait(c *call) bool {
	waits := func(other *call) bool { return other != c && !other.gone }
	return slices.ContainsFunc(s.pending, waits) || slices.ContainsFunc(s.queue, waits)
}

// next returns the next reply to c.
func (s *session) next(ctx context.Context, c *call) (protocol.Reply, error) {
	for {
		s.mu.Lock()
		reply, err := c.take()
		s.changed.Broadcast()
		s.mu.Unlock()
		switch {
		case err != nil:
			return protocol.Reply{}, err
		case reply != nil:
			return *reply, nil
		}
		select {
		case <-c.wake:
		case <-ctx.Done():
			s.abandon(c)
			return protocol.Reply{}, ctx.Err()
		}
	}
}
