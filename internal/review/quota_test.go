package review

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"nethelper/pkg/attr"
	"nethelper/policy"
)

// limit gives some of the grants of a policy a quota.
func limit(r *rand.Rand, text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if n := r.IntN(4); n > 0 {
			line = fmt.Sprintf("%s max=%d\n", strings.TrimSuffix(line, "\n"), n)
		}
		b.WriteString(line)
	}
	return b.String()
}

// quotas tells for each request that a principal may make only by quotas, the
// greatest by each set of requests that one is for; and which it may make without.
func quotas(p *policy.Policy, who policy.Who, requests [][]attr.Binding) (quota []map[string]uint32, free []bool) {
	sets := make(map[*policy.Grant]string)
	for _, g := range p.Grants() {
		sets[g] = admitted(g, requests)
	}
	quota, free = make([]map[string]uint32, len(requests)), make([]bool, len(requests))
	for i, attrs := range requests {
		d := p.Decide(policy.Request{Principal: Alone(who), Op: "x.do", Attrs: attrs})
		quota[i], free[i] = make(map[string]uint32), d.Allowed()
		for _, g := range d.Limited {
			quota[i][sets[g]] = max(quota[i][sets[g]], g.Max)
		}
	}
	return quota, free
}

// admitted asks the evaluator which requests one grant is for, for whomever it is.
func admitted(g *policy.Grant, requests [][]attr.Binding) string {
	text := g.String()
	text = "grant uid:9" + text[strings.Index(text, " x.do"):]
	p, err := policy.Parse([]policy.Source{{Name: "one", Text: []byte(text + "\n")}}, schema, nil)
	if err != nil {
		panic(err)
	}
	var set strings.Builder
	for i, attrs := range requests {
		if p.Decide(policy.Request{Principal: policy.Principal{UID: 9}, Op: "x.do", Attrs: attrs}).WithRoom().Allowed() {
			fmt.Fprintf(&set, "%d ", i)
		}
	}
	return set.String()
}

// What brute force finds of quotas, Diff finds: it finds nothing where each request
// has the same, and something where one has more or less.
func TestDiffQuotas(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	all := universe()
	var requests [][]attr.Binding
	for range 300 {
		requests = append(requests, all[r.IntN(len(all))])
	}
	different := 0
	for range 60 {
		texts := [2]string{limit(r, randomPolicy(r)), ""}
		texts[1] = limit(r, randomPolicy(r))
		if r.IntN(2) == 0 {
			texts[1] = strings.ReplaceAll(texts[0], "max=1", "max=3")
		}
		old, new := parse(t, texts[0]), parse(t, texts[1])
		d, err := Diff(old, new, schema)
		if err != nil {
			t.Fatalf("%v\n--- old\n%s--- new\n%s", err, texts[0], texts[1])
		}
		if same, err := Diff(old, parse(t, texts[0]), schema); err != nil || !same.Empty() {
			t.Errorf("%v, %v: a policy differs from itself:\n%s", same, err, texts[0])
		}
		for _, who := range []policy.Who{{ID: 1}, {Group: true, ID: 2}} {
			was, free := quotas(old, who, requests)
			is, freed := quotas(new, who, requests)
			for i := range requests {
				if free[i] == freed[i] && (free[i] || maps.Equal(was[i], is[i])) {
					continue
				}
				different++
				if !about(d.Allowed, who) && !about(d.Denied, who) {
					t.Errorf("%s: of %v there may be %v, then %v, and no difference is found\n--- old\n%s--- new\n%s",
						who, requests[i], was[i], is[i], texts[0], texts[1])
				}
				break
			}
		}
	}
	if different < 20 {
		t.Errorf("%d pairs are different: too few", different)
	}
}
