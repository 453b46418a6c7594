package client

import (
	"context"
	"fmt"
	"slices"
	"time"

	"nethelper/pkg/protocol"
)

// greet reads the hello. The version is looked at first: the hello of another
// version may hold what this one does not know.
func (s *session) greet() (protocol.Hello, error) {
	var hello protocol.Hello
	message, err := s.replies.next(false, time.Now().Add(s.limits.hello))
	if err != nil {
		return hello, err
	}
	s.trace(Received, message)
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
	return hello, nil
}

// dispatch gives a reply, which has been waited for so long, to the call that it answers.
func (s *session) dispatch(message []byte, waited time.Duration) error {
	s.trace(Received, message)
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
	s.took(c, waited)
	if !c.gone {
		c.replies = append(c.replies, sizedReply{reply, len(message)})
		c.size += len(message)
		c.signal()
	}
	if !reply.More {
		s.pending = s.pending[1:]
	}
	return nil
}

// awaitTurn waits until the session is to read: no caller looks for its reply, and
// the consumer of a list has room for more of it. It reports whether the session is to
// look for the next reply. The error is what a caller found that looked.
func (s *session) awaitTurn() (look bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.pending) > 0 {
		s.hold(s.pending[0])
	}
	for s.reading = false; !s.mustRead(); {
		s.turn.Wait()
	}
	s.reading = true
	if s.stopped {
		return false, ErrClosed
	}
	return s.looks(), s.broken
}

// mustRead reports whether the session is to read. While there is nothing to read
// nobody does, so that a helper that ended is noticed by its end.
func (s *session) mustRead() bool {
	select {
	case <-s.exited:
		return !s.reading
	default:
		return !s.reading && (s.closing || s.dead || s.broken != nil || len(s.pending) > 0 && !s.pending[0].looks)
	}
}

// readOn has the session read if it is to.
func (s *session) readOn() {
	if s.mustRead() {
		s.turn.Signal()
	}
}

// hold waits until the consumer of c has room for more of it.
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
	giveWay()
	for {
		s.mu.Lock()
		if s.alone(c) {
			s.look(c)
		}
		c.looks = false
		s.readOn()
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
