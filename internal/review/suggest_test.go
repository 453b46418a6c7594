package review

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"nethelper/policy"
)

// A suggestion allows what was asked for, and of its grants none is too many.
func TestSuggest(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	requests := universe()
	for range 30 {
		var asked []Asked
		for range 1 + r.IntN(20) {
			asked = append(asked, Asked{policy.Who{ID: uint32(1 + r.IntN(2))}, "x.do", requests[r.IntN(len(requests))]})
		}
		text := Suggest(asked, schema)
		allows := func(text string) bool {
			p := parse(t, text)
			return !slices.ContainsFunc(asked, func(a Asked) bool {
				return !p.Decide(policy.Request{Principal: caller(a.Who), Op: a.Op, Attrs: a.Attrs}).Allowed()
			})
		}
		if !allows(text) {
			t.Errorf("it does not allow all that was asked for:\n%s", text)
		}
		lines := strings.SplitAfter(text, "\n")
		for i, line := range lines {
			if strings.HasPrefix(line, "grant") && allows(strings.Join(lines[:i], "")+strings.Join(lines[i+1:], "")) {
				t.Errorf("line %d is not needed:\n%s", i+1, text)
			}
		}
	}
}
