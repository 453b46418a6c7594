package client

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"

	"nethelper/pkg/ops"
	"nethelper/pkg/protocol"
)

// A session is one helper process from its start to its end.
type session struct {
	config  *Config
	limits  limits
	cmd     *exec.Cmd
	in      *os.File // the helper's standard input
	replies *replies // the helper's standard output
	stderr  *tail
	exited  chan struct{} // closed when the process has ended
	over    chan struct{} // closed when failure is set and all calls have their outcome

	failure HelperError // how it ended

	// ready is closed when hello or startErr is set.
	ready    chan struct{}
	hello    protocol.Hello
	startErr error

	mu      sync.Mutex
	changed *sync.Cond // of everything below
	turn    *sync.Cond // of mustRead
	queue   []*call    // not yet written
	pending []*call    // written, in the order in which they are answered
	writing bool
	reading bool             // a goroutine uses replies
	broken  error            // what a caller found that looked for its reply
	slow    map[*ops.Op]bool // whose last reply took longer than poll.TryTime
	closing bool             // the client wants the helper to end
	stopped bool             // it does not, and nothing more is read
	dead    bool             // no more calls
}

// startSession starts a helper.
func startSession(config *Config, limits limits) (*session, error) {
	s := &session{
		config: config, limits: limits, stderr: &tail{next: config.Stderr},
		exited: make(chan struct{}), over: make(chan struct{}), ready: make(chan struct{}),
		reading: true, slow: make(map[*ops.Op]bool),
	}
	s.changed, s.turn = sync.NewCond(&s.mu), sync.NewCond(&s.mu)
	if err := s.spawn(); err != nil {
		return nil, &HelperError{Path: config.Path, Err: err}
	}
	go func() {
		s.cmd.Wait() // its outcome is in ProcessState
		close(s.exited)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.readOn()
	}()
	go s.serve()
	return s, nil
}

func (s *session) trace(d Direction, message []byte) {
	if s.config.Trace != nil {
		s.config.Trace(d, message)
	}
}

// maxRequest is the size of the largest request that the helper reads.
func (s *session) maxRequest() uint32 {
	if s.hello.Limits != nil {
		return s.hello.Limits.Request
	}
	return protocol.MaxRequest
}

func (s *session) ended() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dead
}

// serve reads what the helper says until it ends, but for what callers look for
// themselves.
func (s *session) serve() {
	hello, err := s.greet()
	if err != nil {
		s.end(err, false)
		return
	}
	s.hello = hello
	close(s.ready)
	for err == nil {
		var look bool
		if look, err = s.awaitTurn(); err != nil {
			break
		}
		var message []byte
		start := time.Now()
		if message, err = s.replies.next(look, time.Time{}); err == nil {
			err = s.dispatch(message, time.Since(start))
		}
	}
	s.end(err, true)
}

// end gives all calls that are left their outcome. It needs that of the process
// first.
func (s *session) end(cause error, served bool) {
	s.mu.Lock()
	if s.closing {
		cause = ErrClosed
	}
	s.dead = true
	s.in.Close()
	for s.writing {
		s.changed.Wait()
	}
	s.mu.Unlock()
	s.replies.Close()

	// A helper that reads no further has answered whatever it carried out.
	_, refused := cause.(*protocol.Error)
	s.failure = HelperError{
		Path: s.config.Path, Err: cause, State: s.reap(), Stderr: s.stderr.line(), Started: true, Served: served,
	}
	if !served {
		s.startErr = &s.failure
		if unavailable, ok := cause.(*UnavailableError); ok {
			s.startErr = unavailable
		}
		close(s.ready)
	}
	s.mu.Lock()
	for _, c := range append(s.pending, s.queue...) {
		e := s.failure
		e.MayHaveRun = c.sent && !refused
		c.fail(&e)
	}
	s.pending, s.queue = nil, nil
	s.mu.Unlock()
	close(s.over)
}

// obituary waits for the end of a session that takes no more calls, and returns how
// it ended.
func (s *session) obituary(ctx context.Context) error {
	select {
	case <-s.over:
		e := s.failure
		return &e
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close ends the helper by the end of its input, and failing that, by closing
// its output.
func (s *session) close() error {
	s.mu.Lock()
	s.closing = true
	s.in.Close()
	s.changed.Broadcast()
	s.readOn()
	s.mu.Unlock()
	select {
	case <-s.over:
	case <-time.After(s.limits.exit):
		s.mu.Lock()
		s.stopped = true
		s.mu.Unlock()
		s.replies.Stop()
		<-s.over
	}
	select {
	case <-s.exited:
		return nil
	default:
		return fmt.Errorf("helper %s: process %d does not end", s.config.Path, s.cmd.Process.Pid)
	}
}
