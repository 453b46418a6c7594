package client

import (
	"context"
	"iter"

	"nethelper/pkg/ops"
	"nethelper/pkg/protocol"
)

// A Pending is a request on its way to the helper.
type Pending struct {
	op   *ops.Op
	s    *session
	call *call
}

// sendTries bounds the helpers that are started for one request.
const sendTries = 3

// Send makes a request without waiting for the reply. Requests sent by one
// goroutine arrive in the order in which they were sent. Params is a pointer to
// the params struct of op.
func (c *Client) Send(ctx context.Context, op *ops.Op, params any) (*Pending, error) {
	return c.send(ctx, op, params, false)
}

// send makes a request. Looks says that whoever makes it looks for the reply at once.
func (c *Client) send(ctx context.Context, op *ops.Op, params any, looks bool) (*Pending, error) {
	if err := op.Check(params); err != nil {
		return nil, ops.Invalid(err)
	}
	body, err := protocol.Marshal(params)
	if err != nil {
		return nil, ops.Invalid(err)
	}
	id := c.id.Add(1)
	message, err := protocol.Marshal(protocol.Request{ID: id, Op: op.Name, Params: body})
	if err != nil {
		return nil, ops.Invalid(err)
	}
	for try := 1; ; try++ {
		s, err := c.session(ctx)
		if err != nil {
			return nil, err
		}
		if uint64(len(message)) > uint64(s.maxRequest()) {
			return nil, &protocol.Error{Code: protocol.Invalid, Message: "the request is larger than the helper accepts"}
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		p := &Pending{op: op, s: s, call: newCall(op, id, message, looks)}
		if s.send(p.call) {
			return p, nil
		}
		if try == sendTries {
			return nil, s.obituary(ctx)
		}
	}
}

// Result waits for the result of an operation that has one, and returns a
// pointer to it.
func (p *Pending) Result(ctx context.Context) (any, error) {
	result := p.op.NewResult()
	if err := p.result(ctx, result); err != nil {
		return nil, err
	}
	return result, nil
}

// Items yields pointers to the elements of a list as they come.
func (p *Pending) Items(ctx context.Context) iter.Seq2[any, error] {
	return elements(p.op, p.items(ctx))
}

func (p *Pending) result(ctx context.Context, result any) error {
	reply, err := p.s.next(ctx, p.call)
	if err != nil {
		return err
	}
	if reply.Error != nil {
		return reply.Error
	}
	if reply.More || reply.Items != nil {
		p.s.abandon(p.call)
		return &ReplyError{Reason: "a list where a result was expected"}
	}
	return decode(reply.Result, result)
}

func (p *Pending) items(ctx context.Context) iter.Seq2[protocol.Raw, error] {
	return func(yield func(protocol.Raw, error) bool) {
		defer p.s.abandon(p.call)
		for {
			reply, err := p.s.next(ctx, p.call)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, item := range reply.Items {
				if !yield(item, nil) {
					return
				}
			}
			switch {
			case reply.Error != nil:
				yield(nil, reply.Error)
				return
			case reply.Result != nil:
				yield(nil, &ReplyError{Reason: "a result where a list was expected"})
				return
			case !reply.More:
				return
			}
		}
	}
}

// elements decodes the elements of a list.
func elements(op *ops.Op, items iter.Seq2[protocol.Raw, error]) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for item, err := range items {
			if err != nil {
				yield(nil, err)
				return
			}
			element := op.NewResult()
			if err := decode(item, element); err != nil {
				yield(nil, err)
				return
			}
			if !yield(element, nil) {
				return
			}
		}
	}
}

func decode(data protocol.Raw, v any) error {
	if err := protocol.Unmarshal(data, v); err != nil {
		return &ReplyError{Reason: err.Error()}
	}
	return nil
}
