package policy

import (
	"net/netip"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// FuzzParse states the law of the language: what parses prints, and what is
// printed parses to the same text and the same decisions.
func FuzzParse(f *testing.F) {
	requests := seed(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := Parse([]Source{{"policy", text}}, schema, accounts)
		if err != nil {
			if errs, ok := err.(Errors); !ok || len(errs) == 0 || p != nil {
				t.Fatalf("policy %v and error %v", p, err)
			}
			return
		}
		printed := printout(p)
		if slices.ContainsFunc(strings.Split(printed, "\n"), func(s string) bool { return len(s) > maxLine }) {
			t.Skip("sets make a line longer than a line may be")
		}
		again, err := Parse([]Source{{"policy", []byte(printed)}}, schema, accounts)
		if err != nil {
			t.Fatalf("%v\nprinted text:\n%s", err, printed)
		}
		if twice := printout(again); twice != printed {
			t.Fatalf("printed text:\n%sreads back to:\n%s", printed, twice)
		}
		for _, r := range requests {
			if p.Decide(r).Allowed() != again.Decide(r).Allowed() {
				t.Fatalf("%v is decided differently by the printed text:\n%s", r, printed)
			}
		}
	})
}

// seed adds the policies of the corpora, and returns the requests in them.
func seed(f *testing.F) []Request {
	f.Helper()
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(files) == 0 {
		f.Fatalf("no corpus: %v", err)
	}
	var requests []Request
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range a.Files {
			switch part.Name {
			case "cases":
				for line := range strings.Lines(string(part.Data)) {
					text, _, _ := strings.Cut(line, " #")
					words := strings.Fields(text)
					requests = append(requests, request(f, words[len(words)-len(tail(words)):]...))
				}
			case "errors":
			default:
				f.Add(part.Data)
			}
		}
	}
	manual, err := os.ReadFile("README.md")
	if err != nil {
		f.Fatal(err)
	}
	for _, block := range blocks(string(manual)) {
		f.Add([]byte(block))
	}
	return requests
}

// tail returns the words of a case behind its outcome.
func tail(words []string) []string {
	if words[0] == "allow" {
		return words[2:]
	}
	return words[1:]
}

func printout(p *Policy) string {
	text := "# printed\n"
	for _, g := range p.Grants() {
		text += g.String() + "\n"
	}
	return text
}

// FuzzDecide holds the evaluator to a reference that is made of the same choices,
// but shares no code with it: no parser, no pattern, no index.
func FuzzDecide(f *testing.F) {
	f.Add([]byte("a policy and its requests"))
	f.Add([]byte("\x02\x00\x01\x00\x02\x01\x03\x01\x00\x00\x02\x01\x01\x01\x05\x04\x02\x03\x00\x01"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		c := &choices{data}
		var grants []model
		var text strings.Builder
		text.WriteString("# made of choices\n")
		for range c.below(4) {
			g := c.grant()
			grants = append(grants, g)
			text.WriteString(g.line() + "\n")
		}
		p := parse(t, text.String())
		for range 8 {
			words := c.request()
			r := request(t, words...)
			d := p.Decide(r)
			want := slices.ContainsFunc(grants, func(g model) bool { return g.covers(words, r) })
			if d.Allowed() != want {
				t.Fatalf("%v: %s, allowed should be %t by\n%s", words, d, want, &text)
			}
			if d.Allowed() && !grants[d.Grant.at.Line-2].covers(words, r) {
				t.Fatalf("%v: %s does not cover it\n%s", words, d, &text)
			}
			if !d.Allowed() && (len(d.Misses) > maxMisses || (len(d.Misses) == 0) == slices.ContainsFunc(grants, func(g model) bool { return g.concerns(words) })) {
				t.Fatalf("%v: %s by\n%s", words, d, &text)
			}
		}
	})
}

// A model is a grant as the words it is written with.
type model struct {
	who, ops []string
	attrs    []string // in the order of patterns
	patterns map[string][]string
}

func (m model) line() string {
	words := []string{"grant", strings.Join(m.who, ","), strings.Join(m.ops, ",")}
	for _, name := range m.attrs {
		words = append(words, name+"="+strings.Join(m.patterns[name], ","))
	}
	return strings.Join(words, " ")
}

func (m model) concerns(words []string) bool {
	return slices.Contains(m.who, words[0]) && slices.Contains(m.ops, words[1])
}

// covers is the reference: principal, operation, and each attribute.
func (m model) covers(words []string, r Request) bool {
	if !m.concerns(words) {
		return false
	}
	for _, b := range r.Attrs {
		patterns, mentioned := m.patterns[b.Field.Name]
		switch {
		case b.Value == nil && mentioned && !slices.Contains(patterns, "-"):
			return false
		case b.Value != nil && !slices.ContainsFunc(patterns, func(p string) bool { return matches(p, b.Value.String()) }):
			return false
		}
	}
	return true
}

// matches tells what a pattern of any type means by the look of it.
func matches(pattern, value string) bool {
	if lo, hi, ok := strings.Cut(pattern, ".."); ok {
		n, err := strconv.Atoi(value)
		low, errLow := strconv.Atoi(lo)
		high, errHigh := strconv.Atoi(hi)
		return err == nil && errLow == nil && errHigh == nil && low <= n && n <= high
	}
	if outer, err := netip.ParsePrefix(pattern); err == nil {
		inner, err := netip.ParsePrefix(value)
		return err == nil && outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
	}
	if value == "." {
		return pattern == "."
	}
	ok, err := path.Match(pattern, value)
	return err == nil && ok && pattern != "-"
}

// choices makes decisions of bytes; when they run out, the first choice is taken.
type choices struct{ data []byte }

func (c *choices) below(n int) int {
	if len(c.data) == 0 {
		return 0
	}
	b := c.data[0]
	c.data = c.data[1:]
	return int(b) % n
}

func (c *choices) of(words ...string) string { return words[c.below(len(words))] }

// some returns one or two of the words.
func (c *choices) some(words ...string) []string {
	first, second := c.of(words...), c.of(words...)
	if first == second {
		return []string{first}
	}
	return []string{first, second}
}

var (
	fuzzUsers    = []string{"uid:0", "uid:1000", "gid:200"}
	namePatterns = []string{"a", "b", "a*", "*b", "?", "*"}
	numbers      = []string{"2..4", "1", "5", "4..9"}
)

// grant makes a grant that the schema admits.
func (c *choices) grant() model {
	m := model{who: c.some(fuzzUsers...), patterns: make(map[string][]string)}
	mention := func(name string, optional bool, patterns ...string) bool {
		if optional && c.below(2) == 0 {
			return false
		}
		m.attrs = append(m.attrs, name)
		m.patterns[name] = c.some(patterns...)
		return true
	}
	mention("netns", true, "-", ".", "a*", "*", "b")
	switch c.below(3) {
	case 0:
		m.ops = c.some("link.add", "link.set")
		mention("name", false, namePatterns...)
		mention("mtu", true, numbers...)
		if mention("peer.name", true, namePatterns...) {
			mention("peer.netns", true, "-", ".", "a*", "*")
		}
	case 1:
		m.ops = []string{"link.list"}
		mention("name", true, "-", "a", "b", "a*", "*")
	case 2:
		m.ops = []string{"route.add"}
		mention("dst", false, "10.0.0.0/8", "10.1.0.0/16", "fd00::/8", "0.0.0.0/0")
		mention("dev", true, "-", "a", "a*")
		mention("metric", true, numbers...)
		if mention("hop.dev", true, namePatterns...) {
			mention("hop.weight", true, numbers...)
		}
	}
	return m
}

// request makes the words of a request that is complete.
func (c *choices) request() []string {
	words := []string{c.of(fuzzUsers...), c.of("link.add", "link.set", "link.list", "route.add")}
	say := func(name string, optional bool, values ...string) bool {
		if optional && c.below(2) == 0 {
			return false
		}
		words = append(words, name+"="+c.of(values...))
		return true
	}
	names := []string{"a", "b", "ab", "ba", "aab"}
	say("netns", true, ".", "a", "b", "ab")
	switch words[1] {
	case "link.add", "link.set":
		say("name", false, names...)
		say("mtu", true, "1", "3", "5", "9")
		if say("peer.name", true, names...) {
			say("peer.netns", true, ".", "a", "b")
		}
	case "link.list":
		say("name", true, names...)
	case "route.add":
		say("dst", false, "10.0.0.0/8", "10.1.2.0/24", "10.0.0.0/7", "fd00:1::/32", "0.0.0.0/0", "::/0")
		say("dev", true, names...)
		say("metric", true, "1", "3", "5", "9")
		for n := range c.below(3) {
			hop := "hop." + strconv.Itoa(n+1)
			say(hop+".dev", false, names...)
			say(hop+".weight", true, "1", "3", "5")
		}
	}
	return words
}
