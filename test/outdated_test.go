package test

import (
	"path/filepath"
	"testing"

	"nethelper/internal/audit"
	"nethelper/pkg/client"
	"nethelper/pkg/ops"
)

// Where a policy takes another helper the client library starts one, and makes the
// request again that the old one did not carry out. The caller notices nothing.
func TestOutdatedHelper(t *testing.T) {
	const grants = "grant uid:0 link.get dev=lo\n"
	l := newLab(t, grants)
	c := client.New(client.Config{
		Path: filepath.Join(l.bin, "nethelper"), Args: []string{"--policy", filepath.Join(l.work, "policy"), "--audit", l.audit},
	})
	defer c.Close()
	ask := func() {
		t.Helper()
		lo, err := client.Call(l.ctx, c, ops.LinkGet, ops.LinkGetParams{LinkRef: ops.LinkRef{Dev: "lo"}})
		if err != nil || lo.Name != "lo" {
			t.Errorf("%v, %v", lo.Name, err)
		}
	}
	ask()
	l.setPolicy(grants + "audit /elsewhere")
	ask()
	ask()
	helpers, outdated, done := make(map[int]bool), 0, 0
	for _, r := range l.records() {
		helpers[r.Helper] = true
		switch {
		case r.Code == "outdated":
			outdated++
		case r.Event == audit.Done && r.Verdict == audit.Allow:
			done++
		}
	}
	if len(helpers) != 2 || outdated != 1 || done != 3 {
		t.Errorf("%d helpers, %d requests that came too late, %d done; want 2, 1, 3", len(helpers), outdated, done)
	}
}
