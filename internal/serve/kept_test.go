package serve

import (
	"os"
	"testing"

	"nethelper/internal/audit"
	"nethelper/internal/kernel"
	"nethelper/pkg/protocol"
)

// A request that is kept for a lot of its own is judged by the policy that is in force
// then, whatever it was judged to be by the one before.
func TestKept(t *testing.T) {
	const grants = "grant uid:1 link.add name=q* kind=ifb max=5\ngrant uid:1 addr.add dev=* address=*\n"
	for name, then := range map[string]struct {
		policy  string
		verdict string
	}{
		"the same": {grants, audit.Allow},
		"unusable": {"this is no policy\n", audit.Error},
		"another":  {"grant uid:1 link.add name=r* kind=ifb max=5\n", audit.Deny},
		"no quota": {"grant uid:1 link.add name=q* kind=ifb\n", audit.Allow},
	} {
		t.Run(name, func(t *testing.T) {
			with := session(t, grants)
			s, caller := peer(t)
			s.Policy, s.Log = with.Policy, with.Log
			var err error
			if s.Kernel, err = kernel.New(); err != nil {
				t.Fatal(err)
			}
			link, err := protocol.Marshal(map[string]any{"name": "q1", "kind": "ifb"})
			if err != nil {
				t.Fatal(err)
			}
			var frames []byte
			for _, r := range []protocol.Request{{ID: 1, Op: "addr.add", Params: params(t)}, {ID: 2, Op: "link.add", Params: link}} {
				message, err := protocol.Marshal(r)
				if err != nil {
					t.Fatal(err)
				}
				frames = protocol.AppendFrame(frames, message)
			}
			if _, err := caller.Write(frames); err != nil {
				t.Fatal(err)
			}
			if lot, end := s.take(); len(lot) != 1 || lot[0].ID != 1 || end != nil || s.kept == nil || !s.kept.counts() {
				t.Fatalf("%d requests, %v, kept %+v", len(lot), end, s.kept)
			}
			if err := os.WriteFile(s.Policy.files.Path, []byte(then.policy), 0o600); err != nil {
				t.Fatal(err)
			}
			lot, end := s.take()
			if len(lot) != 1 || lot[0].ID != 2 || end != nil {
				t.Fatalf("%d requests, %v", len(lot), end)
			}
			r := lot[0]
			if allowed := then.verdict == audit.Allow; r.record.Verdict != then.verdict || r.allowed() != allowed || (r.err == nil) != allowed {
				t.Errorf("allowed %v, error %v, record %+v, want %s", r.allowed(), r.err, r.record, then.verdict)
			}
		})
	}
}
