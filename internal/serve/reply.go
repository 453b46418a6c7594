package serve

import (
	"errors"
	"strings"
	"time"

	"nethelper/pkg/protocol"
)

const (
	// flushSize is how many bytes of elements a reply holds before it is sent.
	flushSize = 48 << 10
	// envelope is more than what a reply is beside its elements or its result.
	envelope = 1 << 10
)

// A reply is the list that answers a request, sent in pieces where it has many
// elements. It holds less than one piece of them.
type reply struct {
	s       *Session
	id      uint64
	items   []protocol.Raw // parts of encoded
	encoded []byte
	sent    bool
}

// emit adds an element.
func (r *reply) emit(element any) error {
	start := len(r.encoded)
	var err error
	if r.encoded, err = protocol.Append(r.encoded, element); err != nil {
		return err
	}
	raw := protocol.Raw(r.encoded[start:len(r.encoded):len(r.encoded)])
	if err := fits(raw); err != nil {
		return err
	}
	if len(r.encoded) > flushSize && len(r.items) > 0 {
		r.sent = true
		if err := r.s.send(protocol.Reply{ID: r.id, Items: r.items, More: true}); err != nil {
			return &protocol.Error{Code: protocol.Unknown, Message: err.Error()}
		}
		r.discard()
		r.encoded = append(r.encoded, raw...)
		raw = r.encoded
	}
	r.items = append(r.items, raw)
	return nil
}

// discard forgets the elements that it holds.
func (r *reply) discard() {
	r.items, r.encoded = r.items[:0], r.encoded[:0]
}

const (
	// retries bounds how often an interrupted dump is read again.
	retries = 5
	// retryPause is the pause before the first time. It doubles.
	retryPause = 20 * time.Millisecond
)

// whole runs a call, and runs it again while it is a list that was interrupted and
// nothing of it has been sent.
func (r *reply) whole(list bool, run func() (any, error)) (any, error) {
	for n := 0; ; n++ {
		result, err := run()
		if !list || n == retries || r.sent || !errors.Is(err, &protocol.Error{Code: protocol.Inconsistent}) {
			return result, err
		}
		r.discard()
		if r.s.Channel.Pause(retryPause<<n) != nil {
			return result, err
		}
	}
}

// appendLast appends the last reply to the request: the result, the elements that are
// left, or the error. Elements of a list that failed are not sent.
func (s *Session) appendLast(b []byte, r *request) ([]byte, error) {
	last := &s.last
	*last = protocol.Reply{ID: r.id}
	switch {
	case r.err != nil:
		last.Error = protocolError(r.err)
	case r.result == nil:
		last.Items = r.items
	default:
		var err error
		if s.result, err = protocol.Append(s.result[:0], r.result); err == nil {
			err = fits(s.result)
		}
		if err != nil {
			last.Error = protocolError(err)
		} else {
			last.Result = s.result
		}
	}
	return appendReply(b, last)
}

// fits says why a reply cannot hold a result or an element.
func fits(raw protocol.Raw) error {
	if len(raw) > protocol.MaxReply-envelope {
		return &protocol.Error{Code: protocol.Internal, Message: "the result does not fit a reply"}
	}
	return nil
}

// messageMax bounds what an error says, which may quote the request.
const messageMax = 1 << 10

// appendReply appends the frame of one reply.
func appendReply(b []byte, r *protocol.Reply) ([]byte, error) {
	if r.Error != nil && len(r.Error.Message) > messageMax {
		bounded := *r.Error
		bounded.Message = strings.ToValidUTF8(bounded.Message[:messageMax], "") + "..."
		r.Error = &bounded
	}
	start := len(b)
	b, err := protocol.Append(b, r)
	if err != nil {
		return nil, err
	}
	return protocol.FrameFrom(b, start), nil
}

// send sends one reply.
func (s *Session) send(r protocol.Reply) (err error) {
	if s.encoded, err = appendReply(s.encoded[:0], &r); err != nil {
		return err
	}
	return s.Channel.Write(s.encoded)
}
