package test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"nethelper/pkg/client"
	"nethelper/pkg/ops"

	"golang.org/x/sys/unix"
)

// buildForbidden builds a helper from the same sources, but for one operation more,
// and returns its path.
func buildForbidden(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	table := filepath.Join(root, "pkg/ops/all.go")
	text, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	longer := strings.Replace(string(text), "table(\n", "table(\n\tForbiddenExec,\n", 1)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "all.go"), []byte(longer), 0o600); err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {
		table: filepath.Join(dir, "all.go"),
		filepath.Join(root, "pkg/ops/forbidden.go"): filepath.Join(root, "test/testdata/forbidden/forbidden.go"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay"), overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	helper := filepath.Join(dir, "nethelper")
	build := exec.Command("go", "build", "-trimpath", "-overlay", filepath.Join(dir, "overlay"), "-o", helper, "nethelper/cmd/nethelper")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return helper
}

// TestForbidden has the helper of each profile make a system call that none of
// them makes. The kernel ends the process before it carries the call out, the
// caller sees by which signal, and the record says that the request was begun and
// not what came of it.
func TestForbidden(t *testing.T) {
	helper := buildForbidden(t)
	m := install(t, `
grant uid:0,user:bob,user:alice,user:carol,user:dave forbidden.exec
grant user:alice addr.add dev=lo address=10.0.0.0/8
grant user:carol addr.add netns=* dev=lo address=10.0.0.0/8
grant user:dave  netns.create name=*
`)
	m.installHelper(helper)
	for who, profile := range map[*person]string{&bob: "none", &alice: "N", &carol: "E", &dave: "C"} {
		c := m.spawn(launch{person: *who})
		if h := c.hello(); h.Error != nil || h.Profile != profile {
			t.Fatalf("profile %q (%v), want %s", h.Profile, h.Error, profile)
		}
		before := len(m.records())
		c.sendRaw("forbidden.exec", struct{}{})
		c.eof()
		c.hangUp()
		if status := c.cmd.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() || status.Signal() != unix.SIGSYS {
			t.Errorf("profile %s: the helper ended with %v", profile, c.cmd.ProcessState)
		}
		after := m.records()[before:]
		if len(after) != 1 || after[0]["event"] != "decide" || after[0]["call"] != "forbidden.exec" {
			t.Errorf("profile %s: records %v, want one of the decision", profile, after)
		}
	}

	c := client.New(client.Config{Path: helper, Args: []string{"--policy", "/etc/nethelper/policy", "--audit", "/run/audit"}})
	defer c.Close()
	_, err := client.Call[struct{}, ops.Done](context.Background(), c, ops.Operation[struct{}, ops.Done]{Op: &ops.Op{Name: "forbidden.exec"}}, struct{}{})
	var died *client.HelperError
	if !errors.As(err, &died) || !died.Served || !died.MayHaveRun || died.State == nil {
		t.Fatalf("the client says %v", err)
	}
	if status := died.State.Sys().(syscall.WaitStatus); status.Signal() != unix.SIGSYS {
		t.Errorf("the client says %v", err)
	}
}
