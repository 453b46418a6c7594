package ops

import (
	"nethelper/internal/kernel"

	"github.com/mdlayher/netlink"
)

// A Change is a call that is one message to the kernel, ready to be sent, perhaps
// together with others.
type Change struct {
	ns       *kernel.Netns
	exchange kernel.Exchange
	// settle makes the result of what the kernel says.
	settle func(error) (Done, error)
	done   Done
}

// changeBy is the change that r makes in ns.
func changeBy(ns *kernel.Netns, r *kernel.Request, settle func(error) (Done, error)) *Change {
	return &Change{ns: ns, exchange: kernel.Exchange{Request: r}, settle: settle}
}

// watched has what the kernel tells of the change given to visit.
func (c *Change) watched(visit func(netlink.Message) error) *Change {
	c.exchange.Visit = visit
	return c
}

// changed is how most changes settle: done is changed.
func changed(err error) (Done, error) { return Done{Changed: err == nil}, err }

// Beside reports whether the changes can share a datagram: they are for the same
// namespace.
func (c *Change) Beside(other *Change) bool { return c.ns.Same(other.ns) }

// Result returns what came of the change, once it has been carried out. The error
// is a [protocol.Error].
func (c *Change) Result() (any, error) {
	var err error
	if c.done, err = c.settle(c.exchange.Err); err != nil {
		return nil, errorOf(err)
	}
	return &c.done, nil
}

// Carry carries out changes of one namespace, in order.
func Carry(changes []*Change) {
	pack := make([]*kernel.Exchange, len(changes))
	for i, c := range changes {
		pack[i] = &c.exchange
	}
	changes[0].ns.Carry(pack)
}

// A loner is a params type of which some calls must not begin before the changes
// that precede them are carried out: they wait, or look up what others change.
type loner interface{ alone() bool }

func alone(params any) bool {
	l, ok := params.(loner)
	return ok && l.alone()
}

// defineChange ties an operation that is one message to the function that makes
// it. What that looks up is nothing that another change changes: links and
// namespaces. Calls of loners are performed by perform, or in the same way if that
// is nil.
func defineChange[P any](op Op, prepare func(*kernel.Task, *P) (*Change, error), perform func(*kernel.Task, *P) (Done, error)) Operation[P, Done] {
	defined := define(op, func(t *kernel.Task, p P) (Done, error) {
		if perform != nil && alone(&p) {
			return perform(t, &p)
		}
		c, err := prepare(t, &p)
		if err != nil {
			return Done{}, err
		}
		Carry([]*Change{c})
		return c.settle(c.exchange.Err)
	})
	defined.prepare = func(t *kernel.Task, params any) (*Change, error) { return prepare(t, params.(*P)) }
	return defined
}

// Packs reports whether the call can be prepared before changes that precede it
// have been carried out.
func (c *Call) Packs() bool { return c.Op.prepare != nil && !alone(c.params) }

// Prepare makes the message of a call that packs. The error is a [protocol.Error].
func (c *Call) Prepare(t *kernel.Task) (*Change, error) {
	if err := known(c.Attrs, t.Release()); err != nil {
		return nil, errorOf(err)
	}
	change, err := c.Op.prepare(t, c.params)
	if err != nil {
		return nil, errorOf(err)
	}
	return change, nil
}
