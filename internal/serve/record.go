package serve

import (
	"cmp"

	"nethelper/internal/audit"
	"nethelper/pkg/protocol"
	"nethelper/policy"
)

// refused is the record of a request that no call could be made of.
func (s *Session) refused(seq uint64, op string, e *protocol.Error) audit.Record {
	return s.failed(audit.Record{Verdict: audit.Error, Event: audit.Decide, Seq: seq, Op: op}, e)
}

// judged is the record of a decision.
func (s *Session) judged(r *request) audit.Record {
	record := audit.Record{Verdict: audit.Deny, Event: audit.Decide, Seq: r.seq, Call: r.call.String()}
	if !r.decision.Allowed() {
		return s.failed(record, denial(r.decision, policy.Reason))
	}
	if !r.decision.Covered() {
		record = s.failed(record, denial(r.decision, policy.Reason))
		record.Would = audit.Deny
	}
	record.Verdict, record.Grant, record.Policy = audit.Allow, r.decision.Grant.Place(), s.Policy.hex
	return record
}

// outcome is the record of what came of an allowed call.
func (s *Session) outcome(r *request) audit.Record {
	record := audit.Record{
		Verdict: audit.Allow, Event: audit.Done, Seq: r.seq, Call: r.record.Call, Grant: r.record.Grant, Policy: r.record.Policy,
	}
	if r.task != nil {
		record.Netns = r.task.Touched.Netns
		for _, l := range r.task.Touched.Links {
			r.links = append(r.links, audit.Link{Name: string(l.Name), Index: l.Index})
		}
		record.Links = r.links
	}
	if r.err != nil {
		record.Verdict = audit.Error
		return s.failed(record, protocolError(cmp.Or(r.cause, r.err)))
	}
	return record
}

// failed adds to a record what the caller is told.
func (s *Session) failed(r audit.Record, e *protocol.Error) audit.Record {
	r.Code, r.Errno, r.Attr, r.Message = string(e.Code), e.Errno, e.Attr, e.Message
	if e.Grant != "" {
		r.Grant = e.Grant
	}
	r.Policy = s.Policy.hex
	return r
}
