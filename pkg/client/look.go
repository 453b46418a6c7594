package client

import (
	"errors"
	"runtime"
	"time"

	"nethelper/internal/poll"
)

// To be woken takes longer than many a request. Whoever waits for a reply therefore
// looks for it before it sleeps, unless the last reply to the same operation took
// longer than that: a caller that is alone for its own, the session for those of a few.

// few is how many requests there are at most where the session looks for the next reply.
// Among more, some reply is there as soon as one has been dealt with.
const few = 8

// looks reports whether the session is to look for the next reply before it sleeps.
func (s *session) looks() bool {
	return len(s.pending) > 0 && len(s.pending) <= few && !s.slow[s.pending[0].op]
}

// took is about a reply to c that has been waited for so long, beside the time that the
// caller has looked for it in vain.
func (s *session) took(c *call, waited time.Duration) {
	if slow := c.looked+waited > poll.TryTime; len(s.pending) <= few && s.slow[c.op] != slow {
		s.slow[c.op] = slow
	}
	c.looked = 0
}

// alone reports whether c can look for its reply: there is nothing else to read.
func (s *session) alone(c *call) bool {
	return c.looks && !s.reading && !s.writing && !s.dead && s.broken == nil &&
		len(s.queue) == 0 && len(s.pending) == 1 && s.pending[0] == c && !s.slow[c.op]
}

// errLost is how a session ends whose reply got lost, because [Config.Trace] panicked.
var errLost = errors.New("a reply got lost in a panic")

// look looks for the reply to c, the only request there is. The lock is given up
// meanwhile; it is not taken again if Config.Trace panics.
func (s *session) look(c *call) {
	s.reading = true
	s.mu.Unlock()
	err := errLost
	defer func() {
		s.mu.Lock()
		s.reading, s.broken = false, err
		if err == errLost {
			s.readOn()
			s.mu.Unlock()
		}
	}()
	start := time.Now()
	message, found := s.replies.try()
	if waited := time.Since(start); message != nil {
		found = s.dispatch(message, waited)
	} else {
		c.looked = waited
	}
	err = found
}

// giveWay lets others run where there is room for one goroutine only. One that looks
// for reply after reply would keep it. Where there is room for more it would wake a
// thread, to have it find nothing to do.
func giveWay() {
	if runtime.GOMAXPROCS(0) == 1 {
		runtime.Gosched()
	}
}
