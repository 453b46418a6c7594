package review

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nethelper/pkg/ops"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

// keeps stands for what the operations themselves say.
func keeps(op string) string {
	if ops.Lookup(op).Root {
		return "uid 0"
	}
	return ""
}

// For each code there is a policy of which it finds something, and another, hardly
// different, of which it finds nothing.
func TestLint(t *testing.T) {
	files, err := filepath.Glob("testdata/lint/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	tested := map[string]bool{}
	for _, file := range files {
		code := strings.TrimSuffix(filepath.Base(file), ".txtar")
		tested[code] = true
		t.Run(code, func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if len(a.Files) != 3 || len(a.Comment) == 0 {
				t.Fatal("want a sentence and the files found, want and not")
			}
			found := func(i int) string {
				var b strings.Builder
				for _, f := range Lint(parsePair(t, "policy", a.Files[i].Data), ops.Schema(), keeps) {
					if f.Code == code {
						fmt.Fprintf(&b, "%s: %s; %s\n", f.At, f.Message, f.Remedy)
					}
				}
				return b.String()
			}
			if diff := cmp.Diff(string(a.Files[1].Data), found(0)); diff != "" {
				t.Errorf("want (-), got (+):\n%s", diff)
			}
			if again := found(2); found(0) == "" || again != "" {
				t.Errorf("found in the other: %s", again)
			}
		})
	}
	codes := []string{UnusedSet}
	for _, c := range Checks {
		codes = append(codes, c.Code)
	}
	for _, code := range codes {
		if !tested[code] {
			t.Errorf("%s has no policy that shows it", code)
		}
	}
	if len(tested) != len(codes) || len(slices.Compact(slices.Sorted(slices.Values(codes)))) != len(codes) {
		t.Errorf("codes %v", codes)
	}
}
