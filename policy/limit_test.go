package policy

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestLimits checks which limits a principal has: the widest of those that are said,
// or the default.
func TestLimits(t *testing.T) {
	p := parse(t, "limit uid:1000 helpers=4 idle=15m memory=32MiB\n"+
		"limit group:kvm helpers=2 idle=1h read=5s\nlimit gid:7 idle=never write=2m memory=1GiB\n")
	with := func(change func(*Limits)) Limits {
		l := DefaultLimits
		change(&l)
		return l
	}
	for _, test := range []struct {
		what string
		who  Principal
		want Limits
	}{
		{"of whom nothing is said", Principal{UID: 9}, DefaultLimits},
		{"one statement", Principal{UID: 1000}, with(func(l *Limits) { l.Helpers, l.Idle, l.Memory = 4, 15*time.Minute, 32<<20 })},
		{"fewer than the default", Principal{UID: 9, GIDs: []uint32{201}}, with(func(l *Limits) { l.Helpers, l.Idle, l.Read = 2, time.Hour, 5*time.Second })},
		{"the widest of two", Principal{UID: 1000, GIDs: []uint32{201}},
			with(func(l *Limits) { l.Helpers, l.Idle, l.Read, l.Memory = 4, time.Hour, 5*time.Second, 32<<20 })},
		{"never is the widest", Principal{UID: 1000, GIDs: []uint32{7}},
			with(func(l *Limits) { l.Helpers, l.Idle, l.Write, l.Memory = 4, 0, 2*time.Minute, 1<<30 })},
	} {
		if diff := cmp.Diff(test.want, p.LimitsFor(test.who)); diff != "" {
			t.Errorf("%s: want (-), got (+):\n%s", test.what, diff)
		}
	}
	if s := p.Limits()[0].String(); s != "limit uid:1000 helpers=4 idle=15m memory=32MiB" {
		t.Errorf("spelled %s", s)
	}
	if s := DefaultLimits.String(); s != "helpers=16 idle=never read=30s write=30s memory=64MiB" {
		t.Errorf("the defaults are %s", s)
	}
}
