package policy

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"nethelper/pkg/attr"
)

// many is a policy of n grants of one operation, which names tell apart, and some
// that nothing does.
func many(t testing.TB, n int, odd string) *Policy {
	t.Helper()
	var sources []Source
	for from := 0; from < n; from += 2000 {
		var b strings.Builder
		for i := from; i < min(from+2000, n); i++ {
			fmt.Fprintf(&b, "grant uid:%d addr.add netns=n%d-*,m%d* dev=lab* address=10.0.0.0/8\n", 1000+i%3, i, i%7)
			if i%50 == 10 {
				b.WriteString(odd)
			}
		}
		sources = append(sources, Source{fmt.Sprint("policy", from), []byte(b.String())})
	}
	p, err := Parse(sources, schema, accounts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func addressRequest(t testing.TB, words string) Request {
	t.Helper()
	bindings, err := attr.BindText(schema["addr.add"].Attrs(), strings.Fields(words))
	if err != nil {
		t.Fatal(err)
	}
	return Request{Principal{UID: 1000}, "addr.add", bindings}
}

// Rules that are told apart decide as they do one after the other, and name the same
// grant.
func TestIndex(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, odd := range []string{"", "grant uid:1000 addr.add netns=*7 dev=lab* address=10.0.0.0/8\n", "grant uid:1001 addr.add netns=-,m1 dev=* address=10.0.0.0/8\n"} {
		p := many(t, 300, odd)
		indexed := p.rules["addr.add"]
		if indexed.by != "netns" {
			t.Fatalf("told apart by %q", indexed.by)
		}
		plain := &ruleset{rules: indexed.rules}
		allowed := 0
		for range 2000 {
			netns := ""
			if r.IntN(10) > 0 {
				netns = fmt.Sprintf("netns=%s%d%s", []string{"n", "m"}[r.IntN(2)], r.IntN(320), []string{"", "-1", "-x7"}[r.IntN(3)])
			}
			q := addressRequest(t, netns+fmt.Sprintf(" dev=lab%d address=%d.0.0.1/8", r.IntN(3), 10+r.IntN(2)))
			q.Principal.UID = uint32(1000 + r.IntN(4))
			got, want := indexed.find(q.Principal, q.Attrs), plain.find(q.Principal, q.Attrs)
			if got != want {
				t.Fatalf("%v: %v, want %v", q, got, want)
			}
			if got != nil {
				allowed++
			}
		}
		if allowed < 100 {
			t.Errorf("%d requests are allowed: too few", allowed)
		}
	}
}

// To allow a request under ten thousand grants costs no memory.
func TestDecideAllocates(t *testing.T) {
	p := many(t, 10_000, "")
	q := addressRequest(t, "netns=n9999-1 dev=lab0 address=10.0.0.1/8")
	if !p.Decide(q).Allowed() {
		t.Fatal("denied")
	}
	if n := testing.AllocsPerRun(100, func() { p.Decide(q) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkDecideMany(b *testing.B) {
	p := many(b, 10_000, "")
	q := addressRequest(b, "netns=n9999-1 dev=lab0 address=10.0.0.1/8")
	b.ReportAllocs()
	for b.Loop() {
		if !p.Decide(q).Allowed() {
			b.Fatal("denied")
		}
	}
}
