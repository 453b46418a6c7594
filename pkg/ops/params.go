package ops

import (
	"time"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"
)

// In is the attribute that nearly every operation has.
type In struct {
	NetNS *attr.NetNS `cbor:"netns,omitempty" pinned:"true" help:"namespace to act in; without it the helper's own"`
}

// link opens the namespace and resolves the link dev in it.
func (in In) link(t *kernel.Task, dev attr.IfName) (*kernel.Netns, uint32, error) {
	return in.awaitLink(t, dev, nil)
}

// awaitLink is link, but gives the link time to appear.
func (in In) awaitLink(t *kernel.Task, dev attr.IfName, wait *attr.Milliseconds) (*kernel.Netns, uint32, error) {
	ns, err := t.In(in.NetNS)
	if err != nil {
		return nil, 0, err
	}
	index, err := ns.WaitIndex("dev", dev, time.Duration(value(wait))*time.Millisecond)
	return ns, index, err
}

// LinkRef is the link that an operation acts on.
type LinkRef struct {
	In
	Dev  attr.IfName        `cbor:"dev" help:"link, by its canonical name"`
	Wait *attr.Milliseconds `cbor:"wait,omitempty" help:"how long to wait for the link to appear"`
}

// find opens the namespace and resolves the link.
func (p LinkRef) find(t *kernel.Task) (*kernel.Netns, uint32, error) {
	return p.awaitLink(t, p.Dev, p.Wait)
}

// indexOrZero resolves an optional link, the value of the attribute called
// attrName; 0 is none.
func indexOrZero(ns *kernel.Netns, attrName string, name *attr.IfName) (uint32, error) {
	if name == nil {
		return 0, nil
	}
	return ns.Index(attrName, *name)
}

// Done is the result of an operation that changes something.
type Done struct {
	Changed bool `cbor:"changed" help:"false if things were already as asked"`
}
