package client

import (
	"strings"
	"testing"
)

func TestTailKeepsTheLastLine(t *testing.T) {
	for _, c := range []struct {
		name, want string
		writes     []string
	}{
		{"nothing", "", nil},
		{"one line", "a", []string{"a\n"}},
		{"no end of line", "b", []string{"a\nb"}},
		{"in pieces", "second", []string{"first\nsec", "ond", "\n"}},
		{"blank lines behind it", "a", []string{"a\n", "\n", "  \n\n"}},
		{"a blank beginning", "a", []string{"  ", "a\n"}},
		{"control characters", "a\uFFFD[2Jb", []string{"a\x1b[2Jb\n"}},
		{"not UTF-8", "a\uFFFDb", []string{"a\xffb\n"}},
		{"too long", strings.Repeat("x", lineMax), []string{strings.Repeat("x", 3*lineMax), "y\n"}},
		{"a short one after a long one", "z", []string{strings.Repeat("x", 3*lineMax), "y\nz\n"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var all strings.Builder
			tail := tail{next: &all}
			for _, w := range c.writes {
				if n, err := tail.Write([]byte(w)); n != len(w) || err != nil {
					t.Fatalf("Write: %d, %v", n, err)
				}
			}
			if got := tail.line(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
			if all.String() != strings.Join(c.writes, "") {
				t.Error("not everything was passed on")
			}
		})
	}
}
