package serve

import (
	"cmp"
	"errors"

	"nethelper/internal/kernel"
	"nethelper/pkg/ops"
)

// maxLot bounds a lot, and with it how many changes share a datagram.
const maxLot = kernel.MaxPack

// take takes a lot: requests that have arrived, as long as they can be prepared
// before those that precede them have been carried out. One that cannot, or is to be
// counted, is a lot of its own. They are judged by the policy that is in force when the
// first has been read; the others had arrived by then. Nothing that the caller can hold
// up comes between their judgement and their end. End says why there is nothing to take
// behind them.
func (s *Session) take() (lot []*request, end error) {
	var unusable error // the policy
	lot = s.lot[:0]
	defer func() { s.lot = lot }()
	for len(lot) < maxLot && (len(lot) == 0 || s.Channel.Arrived()) {
		r, err := s.next(len(lot))
		if err != nil {
			return lot, err
		}
		if len(lot) == 0 {
			unusable = s.Policy.renew()
			s.Channel.Limit(s.Policy.limits.Read, s.Policy.limits.Write)
		}
		s.judge(r, unusable)
		if !r.counts() && !r.performs() {
			lot = append(lot, r)
			continue
		}
		if len(lot) > 0 {
			s.kept = r
			s.requests[len(lot)] = new(request)
			return lot, nil
		}
		if r.counts() {
			s.count(r)
		}
		return append(lot, r), nil
	}
	return lot, nil
}

// next returns the request that has been kept for the next lot, or reads one, which
// is the nth of its lot.
func (s *Session) next(n int) (*request, error) {
	if r := s.kept; r != nil {
		s.kept = nil
		return r, nil
	}
	message, err := s.Channel.Read()
	if err != nil {
		return nil, err
	}
	if n == len(s.requests) {
		s.requests = append(s.requests, new(request))
	}
	r := s.requests[n].renewed()
	if err := r.Decode(message); err != nil {
		return nil, notRequest{err}
	}
	s.seq++
	r.seq = s.seq
	return r, nil
}

// answer carries out a lot and replies to it. Everything has been recorded before
// anything runs.
func (s *Session) answer(lot []*request) error {
	if len(lot) == 0 {
		return nil
	}
	s.records = s.records[:0]
	for _, r := range lot {
		s.records = append(s.records, r.record)
	}
	if s.Log.Write(s.records...) != nil {
		for _, r := range lot {
			r.call, r.err = nil, unrecorded()
		}
	}
	if r := lot[0]; r.performs() {
		r.guard(func() { s.perform(r) })
	} else {
		lot = s.run(lot)
	}
	return errors.Join(s.Quota.Release(), s.finish(lot))
}

// run carries out what is allowed. Changes that stand beside each other and are for
// the same namespace share datagrams. It returns the part of the lot that is still
// to be finished; after a defect, nothing behind it has run.
func (s *Session) run(lot []*request) []*request {
	s.Kernel.BeginLot()
	defer s.Kernel.EndLot()
	var pack []*request
	for i, r := range lot {
		if !r.allowed() {
			continue
		}
		r.guard(func() { s.prepare(r) })
		if r.defect {
			lot = lot[:i+1]
			break
		}
		if r.change == nil {
			continue
		}
		if len(pack) > 0 && !pack[0].change.Beside(r.change) {
			if !carry(pack) {
				return lot[:i]
			}
			pack = pack[:0]
		}
		pack = append(pack, r)
	}
	carry(pack)
	return lot
}

// carry carries out changes of one namespace. It returns false after a defect: one that
// shows in the midst of it is that of each, since any may have been carried out.
func carry(pack []*request) (sound bool) {
	if len(pack) == 0 {
		return true
	}
	changes := make([]*ops.Change, len(pack))
	for i, r := range pack {
		changes[i] = r.change
	}
	first := pack[0]
	if first.guard(func() { ops.Carry(changes) }); first.defect {
		for _, r := range pack[1:] {
			r.broke(first.cause)
		}
		return false
	}
	sound = true
	for _, r := range pack {
		r.guard(func() { r.result, r.err = r.change.Result() })
		sound = sound && !r.defect
	}
	return sound
}

// finish records what came of requests, and replies to them.
func (s *Session) finish(lot []*request) error {
	s.records = s.records[:0]
	for _, r := range lot {
		if r.ran {
			s.records = append(s.records, s.outcome(r))
		}
	}
	unwritten := s.Log.Write(s.records...)
	var end error
	s.encoded = s.encoded[:0]
	for _, r := range lot {
		switch {
		case r.defect:
			end = ErrDefect
		case r.ran && unwritten != nil:
			r.result, r.err = nil, ErrOutcome
			end = cmp.Or(end, ErrOutcome)
		}
		var err error
		if s.encoded, err = s.appendLast(s.encoded, r); err != nil {
			return err
		}
	}
	return errors.Join(end, s.Channel.Write(s.encoded))
}
