package serve

import (
	"nethelper/internal/audit"
	"nethelper/internal/kernel"
	"nethelper/pkg/ops"
	"nethelper/pkg/protocol"
	"nethelper/policy"
)

// refused is the record of a request that no call could be made of.
func (s *Session) refused(op string, e *protocol.Error) audit.Record {
	return s.failed(audit.Record{Verdict: audit.Error, Event: audit.Decide, Op: op}, e)
}

// judged is the record of a decision.
func (s *Session) judged(call *ops.Call, d policy.Decision) audit.Record {
	r := audit.Record{Verdict: audit.Deny, Event: audit.Decide, Call: call.String()}
	if !d.Allowed() {
		return s.failed(r, denial(d))
	}
	r.Verdict, r.Grant = audit.Allow, d.Grant.Place()
	return s.stamped(r)
}

// outcome is the record of what came of an allowed call.
func (s *Session) outcome(call *ops.Call, d policy.Decision, touched kernel.Touched, err error) audit.Record {
	r := audit.Record{
		Verdict: audit.Allow, Event: audit.Done, Call: call.String(), Grant: d.Grant.Place(), Netns: touched.Netns,
	}
	for _, l := range touched.Links {
		r.Links = append(r.Links, audit.Link{Name: string(l.Name), Index: l.Index})
	}
	if err != nil {
		r.Verdict = audit.Error
		return s.failed(r, protocolError(err))
	}
	return s.stamped(r)
}

// failed adds to a record what the caller is told.
func (s *Session) failed(r audit.Record, e *protocol.Error) audit.Record {
	r.Code, r.Errno, r.Attr, r.Message = string(e.Code), e.Errno, e.Attr, e.Message
	if e.Grant != "" {
		r.Grant = e.Grant
	}
	return s.stamped(r)
}

// stamped adds to a record which request it is about, and the policy in force.
func (s *Session) stamped(r audit.Record) audit.Record {
	r.Seq, r.Policy = s.seq, s.Policy.Hex()
	return r
}
