package attr

import (
	"fmt"
	"strings"
	"testing"
)

// TestBindText checks that words alone are listed as the params made of them are.
func TestBindText(t *testing.T) {
	for _, words := range []string{
		"name=a",
		"up=off name=a netns=.",
		"name=a tunnel.id=5",
		"tunnel.netns=b tunnel.id=5 name=a tunnel.dev=c",
		"hop.1.weight=3 name=a hop.2.via=::1 hop.1.via=10.0.0.1 hop.3.weight=1",
	} {
		p, err := set(t, strings.Fields(words)...)
		if err != nil {
			t.Fatalf("%s: %v", words, err)
		}
		got, err := BindText(fields, strings.Fields(words))
		if err != nil {
			t.Errorf("%s: %v", words, err)
		}
		if want := Bind(fields, p); fmt.Sprintf("%#v", got) != fmt.Sprintf("%#v", want) {
			t.Errorf("%s:\ngot  %v\nwant %v", words, got, want)
		}
	}
}

func TestBindTextRefuses(t *testing.T) {
	for _, c := range []struct{ words, want string }{
		{"", "name: missing"},
		{"up=on", "name: missing"},
		{"name=a tunnel.dev=b", "tunnel.id: missing"},
		{"name", "name: want NAME=VALUE"},
		{"name=a name=a", "name: given twice"},
		{"name=a hop.1.weight=1 hop.1.weight=1", "hop.1.weight: given twice"},
		{"name=a hop.2.weight=1", "hop.2.weight: elements are numbered from 1 to 256, without a gap"},
		{"name=a hop.weight=1", "hop.weight: no such attribute"},
		{"name=a mtu=1500", "mtu: no such attribute"},
		{"name=a up=yes", `up: "yes": want on or off`},
	} {
		if b, err := BindText(fields, strings.Fields(c.words)); err == nil || err.Error() != c.want {
			t.Errorf("%q: %v and error %v, want error %s", c.words, b, err, c.want)
		}
	}
}
