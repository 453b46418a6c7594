package adopt

import (
	"os"
	"strings"
	"testing"

	"nethelper/pkg/ops"
	"nethelper/policy"

	"github.com/google/go-cmp/cmp"
)

// anyone knows every name.
type anyone struct{}

func (anyone) UID(string) (uint32, bool) { return 1, true }
func (anyone) GID(string) (uint32, bool) { return 1, true }
func (anyone) Groups(string) []uint32    { return nil }

// What each line of a configuration really permitted, and what is proposed for it.
// A proposal is a policy.
func TestRead(t *testing.T) {
	for _, f := range Formats {
		t.Run(f.Name, func(t *testing.T) {
			source, err := os.Open("testdata/" + f.Name + ".txt")
			if err != nil {
				t.Fatal(err)
			}
			defer source.Close()
			all, err := f.Read(source)
			if err != nil {
				t.Fatal(err)
			}
			got := Policy(all)
			want, err := os.ReadFile("testdata/" + f.Name + ".policy")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("want (-), got (+):\n%s", diff)
			}
			if _, err := policy.Parse([]policy.Source{{Name: "proposal", Text: []byte(got)}}, ops.Schema(), anyone{}); err != nil {
				t.Errorf("the proposal is no policy: %v", err)
			}
		})
	}
}

// FuzzRead: whatever a file holds, the proposal is a policy, and no line of it gets
// out of its comment.
func FuzzRead(f *testing.F) {
	for i, format := range Formats {
		text, err := os.ReadFile("testdata/" + format.Name + ".txt")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(i, string(text))
	}
	f.Fuzz(func(t *testing.T, i int, text string) {
		format := Formats[uint(i)%uint(len(Formats))]
		all, err := format.Read(strings.NewReader(text))
		if err != nil {
			return
		}
		proposal := Policy(all)
		for line := range strings.Lines(proposal) {
			if line = strings.TrimSuffix(line, "\n"); line != "" && line[0] != '#' && !strings.HasPrefix(line, "grant ") {
				t.Errorf("%q becomes the line %q", text, line)
			}
		}
	})
}
