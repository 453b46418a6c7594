package policy

import (
	"strings"
	"testing"
)

func TestFormat(t *testing.T) {
	const text = "\n\n  # kept   as it is  \nset  @a=x\nset @lab =\tlab*   # a note\nset @b = b\n\n\n\n" +
		"grant uid:0 link.add   mtu=1400  name=@lab # why\ngrant\tgroup:lxc,uid:0 link.set up=on name=a,b\n" +
		"grant uid:0 link.add nothing=1 name=a\nexpect allow uid:0 link.add name=lab0\n\n\n"
	const want = "# kept   as it is\nset @a=x\nset @lab = lab*  # a note\nset @b   = b\n\n" +
		"grant uid:0           link.add name=@lab mtu=1400  # why\ngrant group:lxc,uid:0 link.set name=a,b up=on\n" +
		"grant uid:0           link.add nothing=1 name=a\nexpect allow uid:0 link.add name=lab0\n"
	if got := Format(text, schema); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// FuzzFormat: what is formatted is so for good, and says what it said.
func FuzzFormat(f *testing.F) {
	for _, c := range corpus(f, "conformance") {
		for _, s := range c.sources {
			f.Add(string(s.Text))
		}
	}
	f.Add("\n")
	f.Add("grant uid:0 link.add mtu=1400 name=a # b\n#\n\tset @a = b,c")
	f.Fuzz(func(t *testing.T, text string) {
		formatted := Format(text, schema)
		if again := Format(formatted, schema); again != formatted {
			t.Errorf("%q becomes %q, and that %q", text, formatted, again)
		}
		before, err := Parse([]Source{{"policy", []byte(text)}}, schema, accounts)
		if err != nil {
			return
		}
		after, err := Parse([]Source{{"policy", []byte(formatted)}}, schema, accounts)
		if err != nil {
			t.Fatalf("%q is a policy, and %q: %v", text, formatted, err)
		}
		if a, b := said(before), said(after); a != b {
			t.Errorf("%q said\n%s\nand %q says\n%s", text, a, formatted, b)
		}
	})
}

// said is what the grants of a policy come to, in the order of the text.
func said(p *Policy) string {
	var b strings.Builder
	for _, g := range append(p.Grants(), p.Permissive()...) {
		words := strings.Fields(g.String())
		if len(words) > 3 {
			sortAttributes(words[3:], words[2], schema)
		}
		b.WriteString(strings.Join(words, " ") + "\n")
	}
	return b.String()
}
