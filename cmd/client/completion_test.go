package main

import (
	"slices"
	"strings"
	"testing"

	"nethelper/pkg/ops"
)

func TestComplete(t *testing.T) {
	for _, c := range []struct {
		line string
		want string
	}{
		{"addr.ad", "addr.add"},
		{"addr.add d", "dev="},
		{"addr.add dev=lab0 d", ""},
		{"addr.add --json d", "dev="},
		{"--json addr.add d", "dev="},
		{"--helper addr.add addr.ad", "addr.add"},
		{"--helper ", ""},
		{"--tr", "--trace"},
		{"addr.add if_present=", "if_present=ok if_present=error"},
		{"addr.add if_present=o", "if_present=ok"},
		{"addr.add dev=", ""},
		{"help addr.ad", "addr.add"},
		{"help addr.add a", ""},
		{"encode addr.add d", "dev="},
		{"policy ", "check explain who list diff test replay fmt import report suggest"},
		{"policy check ", ""},
		{"policy explain file u", "user: uid:"},
		{"policy explain file uid:0 addr.ad", "addr.add"},
		{"policy explain file uid:0 addr.add d", "dev="},
		{"completion z", "zsh"},
		{"nothing.such d", ""},
	} {
		got := complete(strings.Split(c.line, " "))
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q: %q, want %q", c.line, got, c.want)
		}
	}
}

// Whatever is completed is accepted as a prefix of itself, for every operation.
func TestCompleteKnowsEveryOperation(t *testing.T) {
	for _, op := range ops.All {
		if got := complete([]string{op.Name}); !slices.Contains(got, op.Name) {
			t.Errorf("%s is not among %q", op.Name, got)
		}
		if got := complete([]string{op.Name, ""}); len(got) != len(op.Attrs()) {
			t.Errorf("%s: %d attributes, want %d", op.Name, len(got), len(op.Attrs()))
		}
	}
}

func TestCompleteNumbersRepeatedGroups(t *testing.T) {
	first := complete([]string{"route.replace", "hop."})
	second := complete([]string{"route.replace", "hop.1.via=10.0.0.1", "hop."})
	if !slices.Contains(first, "hop.1.via=") || !slices.Contains(second, "hop.2.via=") || !slices.Contains(second, "hop.1.dev=") {
		t.Errorf("got %q, then %q", first, second)
	}
}
