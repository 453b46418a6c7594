package serve

import (
	"errors"
	"io"
	"runtime"
	"runtime/debug"
	"time"

	"nethelper/internal/audit"
	"nethelper/internal/channel"
	"nethelper/internal/kernel"
	"nethelper/internal/quota"
	"nethelper/pkg/protocol"
)

// A Session is the service of one caller.
type Session struct {
	Channel *channel.Channel
	Policy  *Policy
	Log     *audit.Log
	Kernel  *kernel.Kernel
	Quota   *quota.Lock

	seq    uint64   // of the last request
	rested uint64   // what seq was when memory was last given back
	kept   *request // has been read, and begins the next lot
	lot    []*request
	// What follows is memory that is used for one lot after the other.
	requests []*request
	records  []audit.Record
	encoded  []byte // replies
	result   []byte // of one request, encoded
	last     protocol.Reply
	pause    kernel.Pause // of Channel
}

// The ways in which a session ends, beside those of package channel.
var (
	// ErrMalformed is returned after bytes that are no request.
	ErrMalformed = errors.New("malformed message")
	// ErrDefect is returned after a panic, which leaves a state that is not known.
	ErrDefect = errors.New("internal error")
	// ErrIdle is returned when no request came for as long as the policy lets a helper
	// wait for one.
	ErrIdle = errors.New("no request came")
	// ErrOutcome is returned after an effect whose outcome left no record.
	ErrOutcome = errors.New("it ran, but its outcome could not be recorded")
)

// Serve answers requests until the session is over, and returns why it is.
func (s *Session) Serve() error {
	for {
		if err := s.wait(); err != nil {
			return s.over(err)
		}
		// To the runtime a goroutine that never gives way is one to be preempted: its
		// monitor would look after it every 20 microseconds, with a timer each time.
		runtime.Gosched()
		lot, end := s.take()
		if err := s.answer(lot); err != nil {
			return err
		}
		if end != nil {
			return s.over(end)
		}
	}
}

// quiet is how long nothing has to come before unused sockets are closed.
const quiet = time.Second

// wait waits until the caller has sent something.
func (s *Session) wait() error {
	if s.kept != nil {
		return nil
	}
	end := time.Time{}
	if idle := s.Policy.CallerLimits().Idle; idle > 0 {
		end = time.Now().Add(idle)
	}
	wait := quiet
	for {
		ready, err := s.Channel.Wait(wait)
		if ready || err != nil {
			return err
		}
		s.rest()
		again, more := s.Kernel.Idle()
		if wait = again; !more {
			wait = channel.Forever
		}
		if end.IsZero() {
			continue
		}
		left := time.Until(end)
		if left <= 0 {
			return ErrIdle
		}
		if wait == channel.Forever || left < wait {
			wait = left
		}
	}
}

// restful is how many requests leave behind what is worth collecting.
const restful = 256

// rest gives memory back to the system, if many requests have been served since the
// last time: it takes a moment.
func (s *Session) rest() {
	if s.seq-s.rested >= restful {
		s.rested = s.seq
		debug.FreeOSMemory()
	}
}

// over answers a caller that broke off in the midst of a frame, sent what is no
// request, or none for too long.
func (s *Session) over(err error) error {
	var (
		frame *protocol.FrameError
		none  notRequest
	)
	switch {
	case errors.As(err, &none):
		return s.malformed("not a request", none.cause)
	case errors.As(err, &frame), errors.Is(err, channel.ErrStalled):
		return s.malformed(err.Error(), err)
	case errors.Is(err, io.EOF):
		return channel.ErrHungUp
	case errors.Is(err, ErrIdle):
		return errors.Join(ErrIdle, s.send(protocol.Reply{Error: idle(s.Policy.CallerLimits().Idle)}))
	}
	return err
}

// notRequest is the error of a message that is no request.
type notRequest struct{ cause error }

func (e notRequest) Error() string { return e.cause.Error() }

// malformed records and answers bytes that are no request. The caller learns the
// reason, the record tells the cause.
func (s *Session) malformed(reason string, cause error) error {
	s.seq++
	e := &protocol.Error{Code: protocol.Malformed, Message: reason}
	detail := *e
	detail.Message = cause.Error()
	if err := s.Log.Write(s.refused(s.seq, "", &detail)); err != nil {
		e = unrecorded()
	}
	return errors.Join(ErrMalformed, s.send(protocol.Reply{Error: e}))
}
