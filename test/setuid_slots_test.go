package test

import (
	"strings"
	"testing"
	"time"

	"nethelper/pkg/protocol"
	"nethelper/policy"
)

// One user has so many helpers at a time and no more, however many start at once;
// another user has as many. A helper that is gone, and be it killed, counts no more.
func TestSetuidSlots(t *testing.T) {
	m := install(t, aliceMay)
	const started = 100
	var all []*conversation
	for range started {
		all = append(all, m.spawn(launch{person: alice}))
	}
	var served, refused []*conversation
	for _, c := range all {
		switch h := c.hello(); {
		case h.Error == nil:
			served = append(served, c)
		case h.Error.Code == protocol.Unavailable && strings.Contains(h.Error.Message, "as many as one user may"):
			refused = append(refused, c)
		default:
			t.Fatal(h.Error)
		}
	}
	if len(served) != policy.DefaultLimits.Helpers || len(refused) != started-policy.DefaultLimits.Helpers {
		t.Fatalf("%d are served, %d refused, want %d and %d", len(served), len(refused), policy.DefaultLimits.Helpers, started-policy.DefaultLimits.Helpers)
	}
	if code := refused[0].ended(time.Second); code != 77 {
		t.Errorf("a helper without a slot: exit code %d", code)
	}
	if n := strings.Count(m.audit(), `"event":"start"`); n != len(served) {
		t.Errorf("%d helpers are on record as serving, want %d", n, len(served))
	}
	m.spawn(launch{person: bob}).greeted()

	served[0].hangUp()
	m.spawn(launch{person: alice}).greeted()
	m.must(served[1].cmd.Process.Kill())
	served[1].hangUp()
	m.spawn(launch{person: alice}).greeted()
	if h := m.spawn(launch{person: alice}).hello(); h.Error == nil {
		t.Error("one more is served than may be")
	}
}
