package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"
)

// A resolver turns the links and namespaces that a request names into numbers
// while a message is written. After its first failure it turns out zeros, and the
// message must not be sent.
type resolver struct {
	t   *kernel.Task
	ns  *kernel.Netns
	err error

	opened []func()
}

// link returns the index of the link called name, the value of the attribute
// called attrName, in the namespace of the message.
func (r *resolver) link(attrName string, name attr.IfName) uint32 {
	if r.err != nil {
		return 0
	}
	index, err := r.ns.Index(attrName, name)
	r.err = err
	return index
}

// parent is link for the parent of a link of kind k.
func (r *resolver) parent(attrName string, name attr.IfName, k linkKind) uint32 {
	index := r.link(attrName, name)
	if r.err != nil || k.sits == nil {
		return index
	}
	l, err := readLink(r.ns, index, false)
	if err == nil {
		err = k.sits(&l)
	}
	r.err = err
	return index
}

// netns returns a descriptor of the namespace called name, the value of the
// attribute called attrName. It is valid until close.
func (r *resolver) netns(attrName string, name attr.NetNS) uint32 {
	if r.err != nil {
		return 0
	}
	fd, done, err := r.t.Open(attrName, name)
	if err != nil {
		r.err = err
		return 0
	}
	r.opened = append(r.opened, done)
	return uint32(fd)
}

// close closes what netns opened.
func (r *resolver) close() {
	for _, done := range r.opened {
		done()
	}
}
