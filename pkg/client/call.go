package client

import (
	"context"
	"errors"
	"iter"

	"nethelper/pkg/ops"
	"nethelper/pkg/protocol"
)

// Call carries out an operation and returns its result.
func Call[P, R any](ctx context.Context, c *Client, o ops.Operation[P, R], params P) (result R, err error) {
	err = c.call(ctx, o.Op, &params, &result)
	return result, err
}

// Do is [Call] for an operation known at run time only. Params is a pointer to
// the operation's params struct, as is the result to its result.
func (c *Client) Do(ctx context.Context, op *ops.Op, params any) (any, error) {
	result := op.NewResult()
	if err := c.call(ctx, op, params, result); err != nil {
		return nil, err
	}
	return result, nil
}

func (c *Client) call(ctx context.Context, op *ops.Op, params, result any) error {
	p, err := c.send(ctx, op, params, true)
	if err != nil {
		return err
	}
	err = p.result(ctx, result)
	if !c.again(p.s, err) {
		return err
	}
	if p, err = c.send(ctx, op, params, true); err != nil {
		return err
	}
	return p.result(ctx, result)
}

// List yields the elements of a list as they come. An error is yielded last.
// Leaving the loop early, the rest is dropped.
func List[P, R any](ctx context.Context, c *Client, l ops.Listing[P, R], params P) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		element := new(R) // one for all: what it refers to is each one's own
		for item, err := range c.list(ctx, l.Op, &params) {
			if err == nil {
				err = decode(item, element)
			}
			if err != nil {
				yield(*new(R), err)
				return
			}
			if !yield(*element, nil) {
				return
			}
		}
	}
}

// Stream is [List] for an operation known at run time only. The elements are
// pointers.
func (c *Client) Stream(ctx context.Context, op *ops.Op, params any) iter.Seq2[any, error] {
	return elements(op, c.list(ctx, op, params))
}

// collectTries bounds how often Collect asks.
const collectTries = 5

// Collect returns a whole list. Where the list changed while the kernel read it
// out, Collect asks again, a few times; then the error is [protocol.Inconsistent].
func Collect[P, R any](ctx context.Context, c *Client, l ops.Listing[P, R], params P) ([]R, error) {
	for try := 1; ; try++ {
		all, err := collect(List(ctx, c, l, params))
		if try < collectTries && errors.Is(err, &protocol.Error{Code: protocol.Inconsistent}) {
			continue
		}
		return all, err
	}
}

func collect[R any](list iter.Seq2[R, error]) ([]R, error) {
	var all []R
	for element, err := range list {
		if err != nil {
			return nil, err
		}
		all = append(all, element)
	}
	return all, nil
}

// list yields the encoded elements of a list.
func (c *Client) list(ctx context.Context, op *ops.Op, params any) iter.Seq2[protocol.Raw, error] {
	return func(yield func(protocol.Raw, error) bool) {
		for try := 1; ; try++ {
			p, err := c.Send(ctx, op, params)
			if err != nil {
				yield(nil, err)
				return
			}
			again := false
			for item, err := range p.items(ctx) {
				if again = try == 1 && c.again(p.s, err); again {
					break
				}
				if !yield(item, err) {
					return
				}
			}
			if !again {
				return
			}
		}
	}
}
