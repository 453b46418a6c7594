package serve

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"nethelper/internal/audit"
	"nethelper/internal/kernel"
	"nethelper/pkg/ops"
	"nethelper/pkg/protocol"
	"nethelper/policy"
)

// A request is what a caller asks for, and what becomes of it.
type request struct {
	protocol.Request
	seq      uint64
	call     *ops.Call // nil where nothing can run
	made     ops.Call  // what call is made of
	decision policy.Decision
	record   audit.Record // of the decision

	task   *kernel.Task
	links  []audit.Link // that it touched
	change *ops.Change  // of a call that packs, once it is prepared
	ran    bool         // something may have happened
	defect bool         // the helper has one
	reply
	result any
	err    error // as the caller is told
	cause  error // as the record tells
}

// renewed makes r a request anew, which uses the memory of the one that it was.
func (r *request) renewed() *request {
	*r = request{made: r.made, links: r.links[:0], reply: reply{items: r.items[:0], encoded: r.encoded[:0]}}
	return r
}

// allowed reports whether the request is to run.
func (r *request) allowed() bool { return r.call != nil && r.decision.Allowed() }

// performs reports whether the request is to run by itself: it is not one message.
func (r *request) performs() bool { return r.allowed() && !r.call.Packs() }

// judge is the whole of the helper's judgement: find, decode, decide; but for
// requests that are to be counted. Unusable says why there is no policy to decide
// by. Nothing is left of an earlier judgement, which a request has that was kept.
func (s *Session) judge(r *request, unusable error) {
	r.call, r.decision, r.err = nil, policy.Decision{}, nil
	r.reply.s, r.reply.id = s, r.ID
	if unusable != nil {
		s.refuse(r, unusableError(unusable))
		return
	}
	op := ops.Lookup(r.Op)
	if op == nil {
		s.refuse(r, &protocol.Error{Code: protocol.UnknownOp, Message: "no such operation"})
		return
	}
	if err := r.made.Decode(op, r.Params); err != nil {
		s.refuse(r, err)
		return
	}
	r.call = &r.made
	r.decision = s.Policy.Decide(policy.Request{Principal: s.Policy.principal, Op: op.Name, Attrs: r.call.Attrs})
	if !r.counts() {
		s.decided(r)
	}
}

// decided is about a request on which the policy has decided.
func (s *Session) decided(r *request) {
	r.record = s.judged(r)
	if !r.decision.Allowed() {
		r.err = denial(r.decision, s.Policy.Explain())
	}
}

// refuse is about a request that no call can be made of.
func (s *Session) refuse(r *request, err error) {
	r.err = err
	r.record = s.refused(r.seq, r.Op, protocolError(err))
}

// refuseCall is about a call on which no decision could be made.
func (s *Session) refuseCall(r *request, err error) {
	r.err = err
	r.record = s.failed(audit.Record{Verdict: audit.Error, Event: audit.Decide, Seq: r.seq, Call: r.call.String()}, protocolError(cmp.Or(r.cause, err)))
	r.call = nil
}

// begin begins what is done in the kernel for a request. While others wait for the lock
// for quotas, it waits for nothing.
func (s *Session) begin() *kernel.Task {
	if s.Quota.Held() {
		return s.Kernel.Begin(func(time.Duration) error { return errHeld })
	}
	if s.pause == nil {
		s.pause = s.Channel.Pause
	}
	return s.Kernel.Begin(s.pause)
}

// errHeld is why nothing is waited for.
var errHeld = errors.New("the lock for quotas is held")

// prepare makes the message of a call that packs.
func (s *Session) prepare(r *request) {
	r.ran = true
	r.task = s.begin()
	r.change, r.err = r.call.Prepare(r.task)
}

// perform carries out a call that does not pack.
func (s *Session) perform(r *request) {
	r.ran = true
	r.result, r.err = r.whole(r.call.Op.List, func() (any, error) {
		r.task = s.begin()
		return r.call.Run(r.task, r.emit)
	})
}

// guard makes an error of a panic. The record says what the panic does.
func (r *request) guard(f func()) {
	defer func() {
		if defect := recover(); defect != nil {
			r.broke(&protocol.Error{Code: protocol.Internal, Message: fmt.Sprint(defect)})
		}
	}()
	f()
}

// broke makes an error of a defect, for the cause that the record tells.
func (r *request) broke(cause error) {
	r.defect, r.change, r.result = true, nil, nil
	r.err = &protocol.Error{Code: protocol.Internal, Message: "the helper has a defect, and ends"}
	r.cause = cause
}
