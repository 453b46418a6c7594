package serve

import (
	"errors"
	"fmt"
	"io"
	"time"

	"nethelper/internal/audit"
	"nethelper/internal/channel"
	"nethelper/internal/kernel"
	"nethelper/pkg/ops"
	"nethelper/pkg/protocol"
	"nethelper/policy"
)

// A Session is the service of one caller.
type Session struct {
	Channel *channel.Channel
	Policy  *Policy
	Log     *audit.Log
	Kernel  *kernel.Kernel

	seq uint64 // of the request at hand
}

// The ways in which a session ends, beside those of package channel.
var (
	// ErrMalformed is returned after bytes that are no request.
	ErrMalformed = errors.New("malformed message")
	// ErrDefect is returned after a panic, which leaves a state that is not known.
	ErrDefect = errors.New("internal error")
	// ErrOutcome is returned after an effect whose outcome left no record.
	ErrOutcome = errors.New("it ran, but its outcome could not be recorded")
)

// Serve answers requests until the session is over, and returns why it is.
func (s *Session) Serve() error {
	for {
		message, err := s.next()
		if err != nil {
			return s.over(err)
		}
		s.seq++
		req, err := protocol.DecodeRequest(message)
		if err != nil {
			return s.malformed("not a request", err)
		}
		if err := s.answer(*req); err != nil {
			return err
		}
	}
}

// quiet is how long nothing has to come before unused sockets are closed.
const quiet = time.Second

// next waits for the next message.
func (s *Session) next() ([]byte, error) {
	wait := quiet
	for {
		ready, err := s.Channel.Wait(wait)
		if err != nil {
			return nil, err
		}
		if ready {
			return s.Channel.Read()
		}
		again, more := s.Kernel.Idle()
		if wait = again; !more {
			wait = channel.Forever
		}
	}
}

// over answers a caller that broke off in the midst of a frame.
func (s *Session) over(err error) error {
	var frame *protocol.FrameError
	switch {
	case errors.As(err, &frame), errors.Is(err, channel.ErrStalled):
		s.seq++
		return s.malformed(err.Error(), err)
	case errors.Is(err, io.EOF):
		return channel.ErrHungUp
	}
	return err
}

// malformed records and answers bytes that are no request. The caller learns the
// reason, the record tells the cause.
func (s *Session) malformed(reason string, cause error) error {
	e := &protocol.Error{Code: protocol.Malformed, Message: reason}
	detail := *e
	if cause != nil {
		detail.Message = cause.Error()
	}
	if err := s.Log.Write(s.refused("", &detail)); err != nil {
		e = unrecorded()
	}
	return errors.Join(ErrMalformed, s.reply(protocol.Reply{Error: e}))
}

// answer performs one request and replies. A panic on the way is recorded and
// answered, and ends the session.
func (s *Session) answer(req protocol.Request) (err error) {
	defer func() {
		if defect := recover(); defect != nil {
			err = s.defect(req, defect)
		}
	}()
	reply := &reply{s: s, id: req.ID}
	result, err := s.perform(req, reply)
	if sent := reply.finish(result, err); sent != nil {
		return sent
	}
	if errors.Is(err, ErrOutcome) {
		return err
	}
	return nil
}

func (s *Session) defect(req protocol.Request, defect any) error {
	e := &protocol.Error{Code: protocol.Internal, Message: "the helper has a defect, and ends"}
	detail := *e
	detail.Message = fmt.Sprint(defect)
	recorded := s.Log.Write(s.failed(audit.Record{Verdict: audit.Error, Event: audit.Done, Op: req.Op}, &detail))
	return errors.Join(ErrDefect, recorded, s.reply(protocol.Reply{ID: req.ID, Error: e}))
}

// perform is the whole of the helper's judgement: find, decode, decide, record,
// run. There is no other call of Run in the tree.
func (s *Session) perform(req protocol.Request, reply *reply) (any, error) {
	if err := s.Policy.renew(); err != nil {
		return nil, s.refuse(req.Op, &protocol.Error{Code: protocol.Policy, Message: err.Error()})
	}
	op := ops.Lookup(req.Op)
	if op == nil {
		return nil, s.refuse(req.Op, &protocol.Error{Code: protocol.UnknownOp, Message: "no such operation"})
	}
	call, err := op.Decode(req.Params)
	if err != nil {
		return nil, s.refuse(req.Op, err)
	}
	decision := s.Policy.Decide(policy.Request{Principal: s.Policy.principal, Op: op.Name, Attrs: call.Attrs})
	if err := s.Log.Write(s.judged(call, decision)); err != nil {
		return nil, unrecorded()
	}
	if !decision.Allowed() {
		return nil, denial(decision)
	}
	task := s.Kernel.Begin(s.Channel.Pause)
	result, err := reply.whole(op.List, func() (any, error) { return call.Run(task, reply.emit) })
	if s.Log.Write(s.outcome(call, decision, task.Touched, err)) != nil {
		return nil, ErrOutcome
	}
	return result, err
}

// refuse records that no call could be made of a request, and returns why.
func (s *Session) refuse(op string, err error) error {
	if s.Log.Write(s.refused(op, protocolError(err))) != nil {
		return unrecorded()
	}
	return err
}
