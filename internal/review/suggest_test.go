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
			asked = append(asked, Asked{Who: policy.Who{ID: uint32(1 + r.IntN(2))}, Op: "x.do", Attrs: requests[r.IntN(len(requests))]})
		}
		text := Suggest(asked, schema)
		allows := func(text string) bool {
			p := parse(t, text)
			return !slices.ContainsFunc(asked, func(a Asked) bool {
				return !p.Decide(policy.Request{Principal: Alone(a.Who), Op: a.Op, Attrs: a.Attrs}).Allowed()
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

// What several callers of one group asked for is offered for the group, and what one
// of them asked for is not.
func TestSuggestGroups(t *testing.T) {
	requests := universe()
	asked := func(uid uint32, request int, gids ...uint32) Asked {
		return Asked{Who: policy.Who{ID: uid}, GIDs: gids, Op: "x.do", Attrs: requests[request]}
	}
	text := Suggest([]Asked{asked(1, 0, 7, 8), asked(2, 0, 8), asked(3, 0, 9), asked(3, 1, 9, 8), asked(4, 1, 9)}, schema)
	_, offered, _ := strings.Cut(text, "# In ")
	const want = "gid:8 are uid:1, uid:2. If the group is meant, whoever is in it:\n" +
		"#   perhaps grant gid:8 x.do name=a\n" +
		"# In gid:9 are uid:3, uid:4. If the group is meant, whoever is in it:\n" +
		"#   perhaps grant gid:9 x.do netns=. name=a\n"
	if offered != want {
		t.Errorf("got\n%swant\n%s", offered, want)
	}
	if p := parse(t, text); len(p.Grants()) != 5 {
		t.Errorf("%d grants:\n%s", len(p.Grants()), text)
	}
}
