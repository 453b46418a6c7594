package ops

import (
	"errors"
	"testing"

	"nethelper/internal/kernel"
	"nethelper/pkg/protocol"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// TestRuleTakes compares takes with the kernel: a rule that is there, another
// that is to be deleted, and whether the one went for the other.
func TestRuleTakes(t *testing.T) {
	ns := newNetns(t)
	for _, there := range ruleSamples {
		for _, wanted := range ruleSamples {
			compareTakes(t, ns, there, wanted)
		}
	}
}

func compareTakes(t *testing.T, ns *kernel.Netns, there, wanted string) {
	t.Helper()
	r, s := specOf(t, there), specOf(t, wanted)
	if r.Family != s.Family {
		return
	}
	if err := ns.Do(encodeRule(unix.RTM_NEWRULE, netlink.Create, r)); err != nil {
		t.Fatalf("%s: %v", there, err)
	}
	err := ns.Do(encodeRule(unix.RTM_DELRULE, 0, s))
	if err != nil && !errors.Is(err, unix.ENOENT) {
		t.Errorf("%s: %v", wanted, err)
	}
	if gone := err == nil; gone != s.takes(r) {
		t.Errorf("%q for %q: the kernel says %v", there, wanted, gone)
	}
	if err != nil {
		if err := ns.Do(encodeRule(unix.RTM_DELRULE, 0, r)); err != nil {
			t.Fatalf("%s: %v", there, err)
		}
	}
}

// TestRuleDeleteNotices: a rule that goes between the list and its deletion lets
// the kernel take another, which is told.
func TestRuleDeleteNotices(t *testing.T) {
	ns := newNetns(t)
	ip(t, `
		rule add priority 100 table 5
		rule add priority 100 iif lab0 table 5`)
	s := specOf(t, "family=inet priority=100 table=5")
	if err := deleteFoundRule(ns, s); err != nil {
		t.Fatal(err)
	}
	err := deleteFoundRule(ns, s)
	if err == nil {
		t.Fatal("another rule was deleted, and nothing is said of it")
	}
	if got := errorOf(err).Code; got != protocol.Ambiguous {
		t.Errorf("%v, want the code ambiguous", err)
	}
	if err := deleteFoundRule(ns, s); !errors.Is(err, unix.ENOENT) {
		t.Errorf("%v, want ENOENT", err)
	}
}
