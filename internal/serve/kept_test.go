package serve

import (
	"os"
	"testing"

	"nethelper/internal/audit"
	"nethelper/internal/kernel"
	"nethelper/internal/quota"
	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// A request that is kept for a lot of its own is judged by the policy that is in force
// then, whatever it was judged to be by the one before.
func TestKept(t *testing.T) {
	const (
		limited   = "grant uid:1 link.add name=q* kind=ifb max=5\ngrant uid:1 addr.add dev=* address=*\n"
		unlimited = "grant uid:1 link.add name=q* kind=ifb\ngrant uid:1 addr.add dev=* address=*\n"
		others    = "grant uid:1 link.add name=r* kind=ifb max=5\n"
	)
	for name, c := range map[string]struct {
		before, then string
		verdict      string
	}{
		"the same":                {limited, limited, audit.Allow},
		"unusable":                {limited, "this is no policy\n", audit.Error},
		"another":                 {limited, others, audit.Deny},
		"no quota":                {limited, unlimited, audit.Allow},
		"never one":               {unlimited, unlimited, audit.Allow},
		"never one, and unusable": {unlimited, "this is no policy\n", audit.Error},
		"never one, and another":  {unlimited, "grant uid:1 link.add name=r* kind=ifb\n", audit.Deny},
	} {
		t.Run(name, func(t *testing.T) {
			with := session(t, c.before)
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
			if lot, end := s.take(); len(lot) != 1 || lot[0].ID != 1 || end != nil || s.kept == nil || s.kept.ID != 2 {
				t.Fatalf("%d requests, %v, kept %+v", len(lot), end, s.kept)
			}
			if err := os.WriteFile(s.Policy.files.Path, []byte(c.then), 0o600); err != nil {
				t.Fatal(err)
			}
			lot, end := s.take()
			if len(lot) != 1 || lot[0].ID != 2 || end != nil {
				t.Fatalf("%d requests, %v", len(lot), end)
			}
			r := lot[0]
			if allowed := c.verdict == audit.Allow; r.record.Verdict != c.verdict || r.allowed() != allowed || (r.err == nil) != allowed {
				t.Errorf("allowed %v, error %v, record %+v, want %s", r.allowed(), r.err, r.record, c.verdict)
			}
		})
	}
}

// While a helper holds the lock for quotas it does not wait for a link to appear, so that
// it does not keep others from counting.
func TestCountedWaitForNothing(t *testing.T) {
	with := session(t, "grant uid:1 addr.add dev=* address=* wait=* max=1000000\n")
	s, caller := peer(t)
	s.Policy, s.Log = with.Policy, with.Log
	var err error
	if s.Kernel, err = kernel.New(); err != nil {
		t.Fatal(err)
	}
	locks := make([]*quota.Lock, 2)
	for i := range locks {
		fd, err := unix.Open(with.Policy.files.Path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer unix.Close(fd)
		locks[i] = quota.New(fd)
	}
	s.Quota = locks[0]
	params, err := protocol.Marshal(map[string]any{"dev": "nosuch", "address": []byte{10, 0, 0, 1, 32}, "wait": 30_000})
	if err != nil {
		t.Fatal(err)
	}
	message, err := protocol.Marshal(protocol.Request{ID: 1, Op: "addr.add", Params: params})
	if err != nil {
		t.Fatal(err)
	}
	if err := protocol.Write(caller, message); err != nil {
		t.Fatal(err)
	}
	lot, end := s.take()
	if len(lot) != 1 || !lot[0].allowed() || !s.Quota.Held() || end != nil {
		t.Fatalf("%d requests, %v, lock held %v", len(lot), end, s.Quota.Held())
	}
	answered := make(chan error)
	go func() { answered <- s.answer(lot) }()
	if err := locks[1].Take(kernel.Sleep); err != nil {
		t.Error(err)
	}
	if err := <-answered; err != nil {
		t.Error(err)
	}
	if all, _ := replies(t, caller); all[0].Error == nil || all[0].Error.Code != protocol.NotFound {
		t.Errorf("%+v", all[0])
	}
}
