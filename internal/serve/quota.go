package serve

import (
	"errors"

	"nethelper/internal/quota"
	"nethelper/pkg/attr"
	"nethelper/pkg/protocol"
	"nethelper/policy"

	"golang.org/x/sys/unix"
)

// counts reports whether it depends on what there is whether the request is allowed.
func (r *request) counts() bool { return r.call != nil && len(r.decision.Limited) > 0 }

// count decides on a request by what there is. From here until it has been carried
// out no other helper counts.
func (s *Session) count(r *request) {
	err := s.Quota.Take(s.Channel.Pause)
	if err == nil {
		r.guard(func() { err = s.settle(r) })
	} else {
		err = uncounted(err)
	}
	switch {
	case r.defect:
		s.refuseCall(r, r.err)
	case err != nil:
		s.refuseCall(r, err)
	default:
		s.decided(r)
	}
}

// settle asks the kernel what there is.
func (s *Session) settle(r *request) error {
	usage := func(g *policy.Grant) (there, more uint32, err error) {
		return r.call.Count(s.begin(), func(o attr.Object) bool { return s.Policy.Describes(g, r.Op, o) })
	}
	settled, err := r.whole(true, func() (any, error) { return r.decision.Settle(usage) })
	if err != nil {
		return err
	}
	r.decision = settled.(policy.Decision)
	return nil
}

// uncounted is what the caller is told where it could not be counted.
func uncounted(err error) error {
	e := &protocol.Error{Code: protocol.Kernel, Errno: uint32(unix.EIO), Attr: policy.Quota, Message: err.Error()}
	if errors.Is(err, quota.ErrBusy) {
		e.Errno = uint32(unix.EAGAIN)
	}
	return e
}
