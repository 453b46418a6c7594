package review

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nethelper/pkg/attr"
	"nethelper/policy"
)

// The evaluator that enforces, explains and replays says the same of every request as
// who and list do, as the expectations that check tries, and as the policy once it was
// formatted. NETHELPER_AGREE sets how many requests are asked about.
func TestAgree(t *testing.T) {
	number := 1_000_000
	if text, ok := os.LookupEnv("NETHELPER_AGREE"); ok {
		var err error
		if number, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	r := rand.New(rand.NewPCG(9, 10))
	requests := universe()
	var (
		p, formatted *policy.Policy
		text         string
		expected     []string
		allowed      int
	)
	for i := range number {
		if i%1000 == 0 {
			expectations(t, text, expected)
			text, expected = randomPolicy(r), nil
			p, formatted = parse(t, text), parse(t, policy.Format(text, schema))
		}
		who := []policy.Who{{ID: 1}, {Group: true, ID: 2}, {ID: 3}}[r.IntN(3)]
		request := policy.Request{Principal: Alone(who), Op: "x.do", Attrs: requests[r.IntN(len(requests))]}
		d := p.Decide(request).WithRoom()
		if again := formatted.Decide(request).WithRoom(); again.Allowed() != d.Allowed() {
			t.Fatalf("formatted it says %s, not %s", again, d)
		}
		// Who is asked with what is there: a grant that wants more, or less, of what can
		// be left out may be among the answers, but one that allows it is in any case.
		var given []attr.Binding
		for _, b := range request.Attrs {
			if b.Value != nil {
				given = append(given, b)
			}
		}
		found := Who(p, request.Op, given)
		if d.Allowed() && !slices.ContainsFunc(found, func(f Permission) bool { return f.Who == who && f.Grant == d.Grant }) {
			t.Fatalf("%s, and who says %v", d, found)
		}
		if !d.Allowed() && len(d.Misses) == 0 && slices.ContainsFunc(found, func(f Permission) bool { return f.Who == who }) {
			t.Fatalf("no grant is for the principal, and who says %v", found)
		}
		if d.Allowed() != slices.Contains(p.GrantsFor(request.Principal), d.Grant) {
			t.Fatalf("%s, which list does not say", d)
		}
		if d.Allowed() {
			allowed++
		}
		if i%20 == 0 {
			expected = append(expected, expectation(who, request, d.Allowed()))
		}
	}
	expectations(t, text, expected)
	if allowed < number/1000 {
		t.Errorf("%d of %d requests are allowed: too few", allowed, number)
	}
}

// expectation is the line that expects a decision.
func expectation(who policy.Who, r policy.Request, allowed bool) string {
	words := []string{"expect", "deny", who.String(), r.Op}
	if allowed {
		words[1] = "allow"
	}
	for _, b := range r.Attrs {
		if b.Value != nil {
			words = append(words, b.String())
		}
	}
	return strings.Join(words, " ") + "\n"
}

// expectations checks that a policy meets what is expected of it, and nothing else.
func expectations(t *testing.T, text string, expected []string) {
	t.Helper()
	if len(expected) == 0 {
		return
	}
	parse(t, text+strings.Join(expected, ""))
	wrong := strings.NewReplacer("expect deny", "expect allow", "expect allow", "expect deny").Replace(expected[0])
	if _, err := policy.Parse([]policy.Source{{Name: "policy", Text: []byte(text + wrong)}}, schema, nil); err == nil {
		t.Fatalf("met as well: %s", wrong)
	}
}
