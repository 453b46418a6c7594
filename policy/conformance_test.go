package policy

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nethelper/pkg/attr"

	"github.com/rogpeppe/go-internal/txtar"
)

// TestConformance holds the language to its manual. Each file of the corpus is a
// sentence of README.md, a policy in one file or more, and cases:
//
//	allow PLACE PRINCIPAL OPERATION ATTRIBUTE=VALUE ... # why
//	deny PRINCIPAL OPERATION ATTRIBUTE=VALUE ...        # why
//
// Each case has to come out the same where all lines and files of the policy are
// in reverse, and each request has to be denied where the grants that cover it
// are taken away.
func TestConformance(t *testing.T) {
	manual, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range corpus(t, "conformance") {
		t.Run(file.name, func(t *testing.T) {
			if !strings.Contains(flat(string(manual)), file.comment) {
				t.Errorf("the manual does not say: %s", file.comment)
			}
			cases := file.last(t, "cases")
			forward := mustParse(t, file.sources)
			backward := mustParse(t, reversed(file.sources))
			for _, text := range cases {
				c := readCase(t, text)
				if got := outcome(forward.Decide(c.request).WithRoom()); got != c.want {
					t.Errorf("%s\ngot %s: %s", text, got, forward.Decide(c.request))
				}
				if got := forward.Decide(c.request).WithRoom().Allowed(); got != backward.Decide(c.request).WithRoom().Allowed() {
					t.Errorf("%s\nin reverse: allowed is %t", text, !got)
				}
				takeAway(t, text, c.request, file.sources)
			}
		})
	}
}

// takeAway takes away one covering grant after the other, until the request is
// denied; it is denied then by every smaller policy, too.
func takeAway(t *testing.T, text string, r Request, sources []Source) {
	t.Helper()
	sources = without(sources, "expect ")
	for range len(mustParse(t, sources).Grants()) + 1 {
		p := mustParse(t, sources)
		d := p.Decide(r).WithRoom()
		if !d.Allowed() {
			return
		}
		if !slices.Contains(p.GrantsFor(r.Principal), d.Grant) {
			t.Errorf("%s\n%s is no grant of the principal", text, d.Grant.Place())
		}
		sources = withoutLine(sources, d.Grant.at)
	}
	t.Errorf("%s\nallowed when every grant that covers it is gone", text)
}

// An archive is one file of a corpus.
type archive struct {
	name    string
	comment string // on one line
	sources []Source
	results txtar.File // the last file
}

// corpus reads the files of testdata/DIR.
func corpus(t testing.TB, dir string) []archive {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", dir, "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	var files []archive
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil || len(a.Files) < 2 {
			t.Fatalf("%s: %d files and error %v", path, len(a.Files), err)
		}
		f := archive{
			name:    strings.TrimSuffix(filepath.Base(path), ".txtar"),
			comment: flat(string(a.Comment)),
			results: a.Files[len(a.Files)-1],
		}
		for _, part := range a.Files[:len(a.Files)-1] {
			f.sources = append(f.sources, Source{part.Name, part.Data})
		}
		if f.comment == "" {
			t.Errorf("%s: no comment", path)
		}
		files = append(files, f)
	}
	return files
}

// last returns the lines of the archive's last file, which is called name.
func (f archive) last(t *testing.T, name string) []string {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(string(f.results.Data)), "\n")
	if f.results.Name != name || lines[0] == "" {
		t.Fatalf("want lines in a last file called %s", name)
	}
	return lines
}

// flat returns s with single spaces for all white space.
func flat(s string) string { return strings.Join(strings.Fields(s), " ") }

func mustParse(t *testing.T, sources []Source) *Policy {
	t.Helper()
	p, err := Parse(sources, schema, accounts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

type testCase struct {
	want    string
	request Request
}

func readCase(t *testing.T, text string) testCase {
	t.Helper()
	text, _, _ = strings.Cut(text, " #")
	f := strings.Fields(text)
	n := map[string]int{"allow": 2, "deny": 1}[f[0]]
	if n == 0 || len(f) < n+2 {
		t.Fatalf("%s\nno case", text)
	}
	return testCase{strings.Join(f[:n], " "), request(t, f[n:]...)}
}

// request reads PRINCIPAL OPERATION ATTRIBUTE=VALUE...
func request(t testing.TB, words ...string) Request {
	t.Helper()
	principal, err := ParsePrincipal(words[0], accounts)
	if err != nil {
		t.Fatal(err)
	}
	signature, ok := schema[words[1]]
	if !ok {
		t.Fatalf("no operation %s", words[1])
	}
	bindings, err := attr.BindText(signature.Attrs(), words[2:])
	if err != nil {
		t.Fatalf("%v: %v", words, err)
	}
	return Request{principal, words[1], bindings}
}

func outcome(d Decision) string {
	if d.Allowed() {
		return "allow " + d.Grant.Place()
	}
	return "deny"
}

// reversed returns the sources, and the lines of each, last first.
func reversed(sources []Source) []Source {
	return slices.Collect(func(yield func(Source) bool) {
		for _, s := range slices.Backward(sources) {
			lines := slices.Collect(bytes.Lines(s.Text))
			slices.Reverse(lines)
			if !yield(Source{s.Name, bytes.Join(lines, nil)}) {
				return
			}
		}
	})
}

// without returns the sources with comments for the lines that start with prefix.
func without(sources []Source, prefix string) []Source {
	return edited(sources, func(_ Position, line string) bool { return strings.HasPrefix(line, prefix) })
}

// withoutLine returns the sources with a comment for the line at a position.
func withoutLine(sources []Source, at Position) []Source {
	return edited(sources, func(p Position, _ string) bool { return p.line() == at.line() })
}

func edited(sources []Source, out func(Position, string) bool) []Source {
	var kept []Source
	for _, s := range sources {
		var b strings.Builder
		n := 0
		for line := range strings.Lines(string(s.Text)) {
			n++
			if out(Position{File: s.Name, Line: n}, line) {
				line = "#\n"
			}
			fmt.Fprint(&b, line)
		}
		kept = append(kept, Source{s.Name, []byte(b.String())})
	}
	return kept
}
