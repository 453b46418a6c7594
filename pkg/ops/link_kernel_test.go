package ops

import (
	"errors"
	"testing"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"
	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// inNetns gives the test a namespace of its own. What cannot be reached by a
// script, because a sound request does not lead there, is tried in it.
func inNetns(t *testing.T) *resolver {
	t.Helper()
	enterNetns(t)
	return ownResolver(t)
}

// A link that cannot be completed is deleted again.
func TestLinkAddUndoes(t *testing.T) {
	at := inNetns(t)
	p := paramsOf[LinkAddParams](t, LinkAdd.Op, "name=a kind=veth peer.name=b peer.up=on")
	if err := at.ns.Do(p.request(at)); err != nil {
		t.Fatal(err)
	}
	p.Peer.Name = "gone" // as if somebody had renamed the peer in the meantime
	_, err := p.complete(at.t, at.ns)
	var e *kernel.Error
	if !errors.As(err, &e) || e.Errno != unix.ENODEV || e.Attr != "peer.name" {
		t.Errorf("%v, want an error about peer.name", err)
	}
	for _, name := range []attr.IfName{"a", "b"} {
		if index, err := at.ns.Index("dev", name); err == nil {
			t.Errorf("%s is there, with index %d", name, index)
		}
	}
}

// A link that is gone when it is to be completed leaves the outcome open.
func TestLinkAddIsHonest(t *testing.T) {
	at := inNetns(t)
	p := paramsOf[LinkAddParams](t, LinkAdd.Op, "name=a kind=bridge alias=x")
	_, err := p.complete(at.t, at.ns)
	if got := errorOf(err); got.Code != protocol.Unknown {
		t.Errorf("%v, want one with code unknown", got)
	}
}
