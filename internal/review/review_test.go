package review

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"nethelper/pkg/attr"
	"nethelper/policy"
)

// params has attributes of every sort.
type params struct {
	NetNS *attr.NetNS  `cbor:"netns,omitempty" pinned:"true" help:"namespace"`
	Name  attr.IfName  `cbor:"name" help:"name"`
	Dst   *attr.Prefix `cbor:"dst,omitempty" help:"prefix"`
	MTU   *attr.MTU    `cbor:"mtu,omitempty" pinned:"true" help:"size"`
	Peer  *peer        `cbor:"peer,omitempty"`
	Hops  []hop        `cbor:"hop,omitempty"`
}

type peer struct {
	Name  attr.IfName `cbor:"name" help:"name"`
	NetNS *attr.NetNS `cbor:"netns,omitempty" pinned:"true" help:"namespace"`
	Up    *attr.Flag  `cbor:"up,omitempty" help:"state"`
}

type hop struct {
	Dev    attr.IfName  `cbor:"dev" help:"link"`
	Weight *attr.Weight `cbor:"weight,omitempty" pinned:"true" help:"share"`
}

var schema = policy.Schema{"x.do": {Attrs: attr.FieldsOf[params], Counted: true}}

func parse(t testing.TB, text string) *policy.Policy {
	t.Helper()
	const most = 1000 // lines in a file
	var sources []policy.Source
	for lines := range slices.Chunk(strings.SplitAfter(text, "\n"), most) {
		sources = append(sources, policy.Source{Name: fmt.Sprint("policy", len(sources)), Text: []byte(strings.Join(lines, "") + "\n")})
	}
	p, err := policy.Parse(sources, schema, nil)
	if err != nil {
		t.Fatalf("%.1000s: %v", text, err)
	}
	return p
}

// grammar is what the grants of randomPolicy are made of: for each attribute its
// constraints, "" for none.
var grammar = []struct {
	attr  string
	words []string
}{
	{"netns", []string{"", "a", "a*", "-,a", ".", "*", "-,.,b"}},
	{"name", []string{"a", "a*", "b?", "*", "ab", "*b", "a,b"}},
	{"dst", []string{"", "10.0.0.0/8", "10.0.0.0/9,10.128.0.0/9", "10.0.0.0/8{8..16}", "10.0.0.0/8{17..32}", "0.0.0.0/0", "default", "*"}},
	{"mtu", []string{"", "1..2", "3..4", "1..4", "-,2", "-,1..4"}},
	{"peer.name", []string{"", "a*", "b", "*"}},
	{"hop.dev", []string{"", "a", "b", "a,b", "*"}},
	{"hop.weight", []string{"", "1", "-,1..2", "2"}},
	{"peer.netns", []string{"", "a", "-,a", "b"}},
	{"peer.up", []string{"", "on", "*"}},
}

func randomPolicy(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(4) {
		var words []string
		given := map[string]bool{}
		for _, g := range grammar {
			w := g.words[r.IntN(len(g.words))]
			if r.IntN(3) == 0 && g.words[0] == "" {
				w = ""
			}
			// What needs another attribute cannot be without it.
			group, rest, grouped := strings.Cut(g.attr, ".")
			if w == "" || grouped && rest != "name" && rest != "dev" && !given[group] {
				continue
			}
			given[group] = true
			words = append(words, g.attr+"="+w)
		}
		fmt.Fprintf(&b, "grant %s x.do %s\n", []string{"uid:1", "uid:1,gid:2"}[r.IntN(2)], strings.Join(words, " "))
	}
	return b.String()
}

// reworded returns a policy that says the same: in another order, and some of it
// twice, or in two halves.
func reworded(text string) string {
	lines := strings.SplitAfter(text, "\n")
	slices.Reverse(lines)
	again := strings.Join(lines, "")
	for _, w := range [][2]string{{"=a*", "=aa*"}, {"name=* ", "name=b* "}, {"=1..4", "=2..3"}, {"=10.0.0.0/8 ", "=10.0.0.0/12 "}, {"=-,", "="}} {
		again += strings.ReplaceAll(text, w[0], w[1])
	}
	halves := strings.ReplaceAll(strings.ReplaceAll(again, "=1..4", "=1..2"), "=1..2", "=1")
	return again + halves
}

// universe is requests, of which there are as many as can be told apart by grants
// that the grammar makes, and more.
func universe() (all [][]attr.Binding) {
	fields := schema["x.do"].Attrs()
	axes := [][]string{
		{"", "netns=.", "netns=a", "netns=ab", "netns=b"},
		{"name=a", "name=b", "name=ab", "name=ba", "name=c"},
		{"", "dst=default", "dst=10.0.0.0/8", "dst=10.0.0.0/17", "dst=10.128.0.0/16", "dst=11.0.0.0/8"},
		{"", "mtu=1", "mtu=2", "mtu=3"},
		{"", "peer.name=a", "peer.name=b peer.netns=a", "peer.name=a peer.netns=b peer.up=on", "peer.name=ab peer.up=off"},
		{"", "hop.1.dev=a", "hop.1.dev=b hop.1.weight=1", "hop.1.dev=a hop.1.weight=2 hop.2.dev=b hop.2.weight=1", "hop.1.dev=c"},
	}
	total := 1
	for _, a := range axes {
		total *= len(a)
	}
	for i := range total {
		var words []string
		for _, a := range axes {
			words = append(words, strings.Fields(a[i%len(a)])...)
			i /= len(a)
		}
		bindings, err := attr.BindText(fields, words)
		if err != nil {
			panic(err)
		}
		all = append(all, bindings)
	}
	return all
}

// What brute force finds that one policy allows and another denies, Diff finds, and
// it finds nothing where there is nothing. Its witnesses are confirmed by the
// evaluator, or it fails.
func TestDiffBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	requests := universe()
	different, alike := 0, 0
	for range 40 {
		texts := [2]string{randomPolicy(r), randomPolicy(r)}
		switch r.IntN(3) {
		case 0: // near each other
			texts[1] = texts[0] + randomPolicy(r)
		case 1: // other words for the same
			texts[1] = reworded(texts[0])
		}
		old, new := parse(t, texts[0]), parse(t, texts[1])
		d, err := Diff(old, new, schema)
		if err != nil {
			t.Fatalf("%v\n--- old\n%s--- new\n%s", err, texts[0], texts[1])
		}
		if len(d.Undecided) > 0 {
			t.Errorf("undecided: %v", d.Undecided)
		}
		for _, who := range []policy.Who{{ID: 1}, {Group: true, ID: 2}} {
			more, less := 0, 0
			for _, attrs := range requests {
				request := policy.Request{Principal: Alone(who), Op: "x.do", Attrs: attrs}
				was, is := old.Decide(request).WithRoom().Allowed(), new.Decide(request).WithRoom().Allowed()
				if is && !was {
					more++
				}
				if was && !is {
					less++
				}
			}
			if texts[1] == reworded(texts[0]) && !d.Empty() {
				t.Errorf("%s: the difference is %v and %v\n%s", who, d.Allowed, d.Denied, texts[1])
			}
			if more > 0 && !about(d.Allowed, who) || less > 0 && !about(d.Denied, who) {
				t.Errorf("%s: %d are allowed, %d denied, and the difference is %v and %v\n--- old\n%s--- new\n%s",
					who, more, less, d.Allowed, d.Denied, texts[0], texts[1])
			}
			if more+less > 0 {
				different++
			} else {
				alike++
			}
		}
	}
	if different < 15 || alike < 8 {
		t.Errorf("%d pairs are different, %d alike: too few of one", different, alike)
	}
}

func about(changes []Change, who policy.Who) bool {
	for _, c := range changes {
		if c.Who == who {
			return true
		}
	}
	return false
}

// Ten thousand grants are compared with as many, of which a few differ.
func TestDiffLarge(t *testing.T) {
	var text strings.Builder
	for i := range 10000 {
		fmt.Fprintf(&text, "grant uid:%d x.do netns=n%d* name=%c%d* dst=10.%d.%d.0/24\n", i%10, i, 'a'+i%26, i%1000, i/250, i%250)
	}
	old := parse(t, text.String())
	lines := strings.SplitAfter(text.String(), "\n")
	slices.Reverse(lines)
	lines[5] = strings.Replace(lines[5], "name=", "name=a,", 1)
	lines[7] = ""
	d, err := Diff(old, parse(t, strings.Join(lines, "")), schema)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Allowed) != 1 || len(d.Denied) != 1 || len(d.Undecided) != 0 {
		t.Errorf("%v, %v, %v", d.Allowed, d.Denied, d.Undecided)
	}
}

func BenchmarkDiffLarge(b *testing.B) {
	var text, other strings.Builder
	for i := range 10000 {
		fmt.Fprintf(&text, "grant uid:%d x.do netns=n%d* name=a dst=10.%d.%d.0/24\n", i%10, i, i/250, i%250)
		fmt.Fprintf(&other, "grant uid:%d x.do netns=n%d* name=a dst=10.%d.%d.0/25,10.%d.%d.0/24\n", i%10, i, i/250, i%250, i/250, i%250)
	}
	old, new := parse(b, text.String()), parse(b, other.String())
	for b.Loop() {
		if d, err := Diff(old, new, schema); err != nil || !d.Empty() {
			b.Fatal(d, err)
		}
	}
}
