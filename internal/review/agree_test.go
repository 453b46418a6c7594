package review

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"nethelper/pkg/attr"
	"nethelper/policy"
)

// Enforcement, who and list say the same of every request, and so does a policy that
// was formatted. NETHELPER_AGREE sets how many requests are asked about.
func TestAgree(t *testing.T) {
	number := 100_000
	if text, ok := os.LookupEnv("NETHELPER_AGREE"); ok {
		var err error
		if number, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	r := rand.New(rand.NewPCG(9, 10))
	requests := universe()
	var p, formatted *policy.Policy
	allowed := 0
	for i := range number {
		if i%1000 == 0 {
			text := randomPolicy(r)
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
	}
	if allowed < number/1000 {
		t.Errorf("%d of %d requests are allowed: too few", allowed, number)
	}
}
