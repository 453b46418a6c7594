package review

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"nethelper/pkg/ops"
	"nethelper/policy"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// accounts are those that the pairs name.
var accounts = policy.ParseAccounts(
	[]byte("neutron:x:1001:1001::/:\nlxc:x:1002:1002::/:\nroot:x:0:0::/:\n"), []byte("net:x:200:\nroot:x:0:\n"))

func parsePair(t *testing.T, name string, text []byte) *policy.Policy {
	t.Helper()
	p, err := policy.Parse([]policy.Source{{Name: name, Text: text}}, ops.Schema(), accounts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Pairs of policies and what has changed from one to the other: each file says in
// words what it is about.
func TestPairs(t *testing.T) {
	files, err := filepath.Glob("testdata/diff/*.txtar")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d pairs, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(a.Files) != 3 || len(a.Comment) == 0 {
				t.Fatal("want a sentence and the files old, new and want")
			}
			d, err := Diff(parsePair(t, "old", a.Files[0].Data), parsePair(t, "new", a.Files[1].Data), ops.Schema())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(a.Files[2].Data), lines(d)); diff != "" {
				t.Errorf("want (-), got (+):\n%s", diff)
			}
		})
	}
}

func lines(d *Difference) string {
	var b strings.Builder
	for _, c := range d.Denied {
		fmt.Fprintf(&b, "- %s # %s\n", &c, c.Grant.Place())
	}
	for _, c := range d.Allowed {
		fmt.Fprintf(&b, "+ %s # %s\n", &c, c.Grant.Place())
	}
	for _, g := range d.Undecided {
		fmt.Fprintf(&b, "? %s\n", g.Place())
	}
	return b.String()
}
