package serve

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"testing"

	"nethelper/internal/audit"
	"nethelper/internal/privilege"
	"nethelper/internal/quota"
	"nethelper/internal/trust"
	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// session returns a session of uid 1 under a policy, which has no kernel.
func session(tb testing.TB, text string) *Session {
	tb.Helper()
	dir, err := filepath.EvalSymlinks(tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	path := filepath.Join(dir, "policy")
	if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
		tb.Fatal(err)
	}
	inside, err := privilege.InUserNamespace()
	if err != nil {
		tb.Fatal(err)
	}
	p, err := Load(Files{Path: path, Owners: trust.Own(uint32(os.Geteuid()), inside)}, privilege.Caller{UID: 1, GID: 1})
	if err != nil {
		tb.Fatal(err)
	}
	log, err := unix.Open(filepath.Join(dir, "log"), unix.O_WRONLY|unix.O_CREAT|unix.O_APPEND|unix.O_CLOEXEC, 0o600)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { unix.Close(log) })
	return &Session{Policy: p, Log: audit.New(log, audit.Record{}), Quota: quota.New(quota.Alone)}
}

// judging returns what judges one request, again and again.
func judging(tb testing.TB) func() {
	tb.Helper()
	s := session(tb, "grant uid:1 route.replace netns=-,q* dst=10.0.0.0/8 dev=lab* table=-,main")
	params, err := protocol.Marshal(map[string]any{"dev": "lab0", "dst": []byte{10, 1, 2, 3, 32}})
	if err != nil {
		tb.Fatal(err)
	}
	message, err := protocol.Marshal(protocol.Request{ID: 9, Op: "route.replace", Params: params})
	if err != nil {
		tb.Fatal(err)
	}
	r := new(request)
	return func() {
		if err := r.renewed().Decode(message); err != nil {
			tb.Fatal(err)
		}
		s.judge(r, nil)
		if !r.allowed() {
			tb.Fatal(r.err)
		}
	}
}

// BenchmarkJudge is what a request costs before it is recorded and runs.
func BenchmarkJudge(b *testing.B) {
	judge := judging(b)
	b.ReportAllocs()
	for b.Loop() {
		judge()
	}
}

// To judge a request costs no more memory than what it says: here two values as they
// are decoded and as they are judged, and the text of the record.
func TestJudgeAllocates(t *testing.T) {
	if raced() {
		t.Skip("with the race detector, pools lose what they are given")
	}
	const most = 6
	if n := testing.AllocsPerRun(100, judging(t)); n > most {
		t.Errorf("%v allocations, want %d at most", n, most)
	}
}

// raced reports whether the test was built with the race detector.
func raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}
