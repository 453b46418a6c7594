package serve

import (
	"encoding/json"
	"errors"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"nethelper/internal/audit"
	"nethelper/internal/kernel"
	"nethelper/pkg/ops"
	"nethelper/pkg/protocol"
)

// A panic in an operation is answered without what it says, recorded with what
// it says, and ends the session.
func TestDefect(t *testing.T) {
	with := session(t, "grant uid:1 addr.add dev=* address=*")
	s, caller := peer(t)
	s.Policy, s.Log = with.Policy, with.Log
	s.Kernel = new(kernel.Kernel) // the defect
	message, err := protocol.Marshal(protocol.Request{ID: 9, Op: "addr.add", Params: params(t)})
	if err != nil {
		t.Fatal(err)
	}
	if err := protocol.Write(caller, message); err != nil {
		t.Fatal(err)
	}
	if err := s.Serve(); !errors.Is(err, ErrDefect) {
		t.Errorf("served on: %v", err)
	}
	all, _ := replies(t, caller)
	want := protocol.Error{Code: protocol.Internal, Message: "the helper has a defect, and ends"}
	if all[0].ID != 9 || all[0].Error == nil || *all[0].Error != want {
		t.Errorf("reply %+v, %v", all[0], all[0].Error)
	}
	text, err := os.ReadFile(filepath.Join(path.Dir(with.Policy.files.Path), "log"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d records, want a decision and an outcome:\n%s", len(lines), text)
	}
	var outcome audit.Record
	if err := json.Unmarshal([]byte(lines[1]), &outcome); err != nil {
		t.Fatal(err)
	}
	if outcome.Verdict != audit.Error || outcome.Event != audit.Done || outcome.Seq != 1 || outcome.Code != "internal" || !strings.Contains(outcome.Message, "nil map") {
		t.Errorf("outcome %+v", outcome)
	}
}

// A panic while changes are carried out together is an error of each of them.
func TestDefectInCarry(t *testing.T) {
	pack := []*request{{ran: true, change: new(ops.Change)}, {ran: true, change: new(ops.Change)}}
	if carry(pack) { // in no namespace
		t.Error("carried out")
	}
	for i, r := range pack {
		if !r.defect || !errors.Is(r.err, &protocol.Error{Code: protocol.Internal}) || r.cause == nil {
			t.Errorf("request %d: defect %v, %v, %v", i, r.defect, r.err, r.cause)
		}
	}
}

// params encodes those of addr.add.
func params(t *testing.T) protocol.Raw {
	t.Helper()
	raw, err := protocol.Marshal(map[string]any{"dev": "lo", "address": []byte{10, 0, 0, 1, 32}})
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
