package client

import (
	"slices"
	"syscall"

	"nethelper/pkg/protocol"
)

// send queues c and writes what is queued, unless another goroutine is at it. It
// returns false if the session is over.
//
// The caller writes only what the pipe takes at once. The rest, and what others
// queue meanwhile, is left to a goroutine: no caller waits for the helper to read.
func (s *session) send(c *call) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dead {
		return false
	}
	s.queue = append(s.queue, c)
	s.changed.Broadcast()
	if s.writing {
		return true
	}
	s.writing = true
	b := s.take()
	s.mu.Unlock()
	s.traceBatch(b)
	n, err := s.tryWrite(b.bytes)
	s.mu.Lock()
	if err == nil && (n < len(b.bytes) || len(s.queue) > 0) {
		go s.finish(b, n)
		return true
	}
	s.wrote(b, n, err)
	return true
}

// finish writes b but for the first n bytes, and what is queued by then.
func (s *session) finish(b batch, n int) {
	for {
		m, err := s.in.Write(b.bytes[n:])
		s.mu.Lock()
		s.wrote(b, n+m, err)
		if s.dead || len(s.queue) == 0 {
			s.mu.Unlock()
			return
		}
		s.writing = true
		b, n = s.take(), 0
		s.mu.Unlock()
		s.traceBatch(b)
	}
}

// A batch is calls that are written at once.
type batch struct {
	calls []*call
	ends  []int // where the frame of each call ends in bytes
	bytes []byte
}

// take makes a batch of what is queued. From here on the calls count as sent.
func (s *session) take() batch {
	b := batch{calls: s.queue}
	for _, c := range b.calls {
		b.bytes = protocol.AppendFrame(b.bytes, c.message)
		b.ends = append(b.ends, len(b.bytes))
		c.sent = true
	}
	s.pending = append(s.pending, b.calls...)
	s.queue = nil
	s.readOn()
	return b
}

// wrote ends the writing of b, of which n bytes were written. A helper cannot have
// run a request that it got the beginning of, and will get no more.
func (s *session) wrote(b batch, n int, err error) {
	s.writing = false
	s.changed.Broadcast()
	if err == nil {
		return
	}
	s.dead = true
	for i, c := range b.calls {
		c.sent = b.ends[i] <= n
	}
	if !s.closing {
		s.replies.Stop() // serve notices
	}
	s.readOn()
}

func (s *session) traceBatch(b batch) {
	for _, c := range b.calls {
		s.trace(Sent, c.message)
	}
}

// tryWrite writes as much of b as the pipe takes at once.
func (s *session) tryWrite(b []byte) (n int, err error) {
	conn, err := s.in.SyscallConn()
	if err != nil {
		return 0, err
	}
	var errno error
	err = conn.Write(func(fd uintptr) bool {
		n, errno = syscall.Write(int(fd), b)
		return true
	})
	if err == nil {
		err = errno
	}
	if err == syscall.EAGAIN || err == syscall.EINTR {
		return 0, nil
	}
	return max(n, 0), err
}

// abandon says that nobody waits for c. If it is not sent yet, it never is.
func (s *session) abandon(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.drop(errTaken)
	if i := slices.Index(s.queue, c); i >= 0 {
		s.queue = slices.Delete(s.queue, i, i+1)
	}
	s.changed.Broadcast()
	s.readOn()
}
