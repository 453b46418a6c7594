package test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestDemo runs the demo as `make demo` does after the build.
func TestDemo(t *testing.T) {
	cmd := exec.Command(filepath.Join(builtSource(t), "demo/router"))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	text := string(out)
	for _, want := range []string{
		"default via 203.0.113.1 dev qg-7",
		"10.8.0.0/16 via 10.7.0.2 dev qr-7",
		"32000:	from 10.7.0.0/24 lookup 1007",
		"10.7.0.2 dev qr-7 lladdr fa:16:3e:00:00:02 PERMANENT",
		"denied: address: 10.7.0.9/8, want 10.7.0.0/16",
		"denied: dev: lo, want qr-*,qg-*",
		"denied: lladdr: the grant does not mention it",
		"The kernel is untouched.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the demo does not show %q", want)
		}
	}
	if n := strings.Count(text, `{"verdict":"deny"`); n != 3 {
		t.Errorf("%d denials are recorded, want 3", n)
	}
	if t.Failed() {
		t.Log(text)
	}
}
