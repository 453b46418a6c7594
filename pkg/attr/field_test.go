package attr

import (
	"strings"
	"testing"
)

type in struct {
	NetNS *NetNS `cbor:"netns,omitempty" pinned:"true" help:"namespace"`
}

type tunnel struct {
	ID    VNI     `cbor:"id" help:"number"`
	NetNS *NetNS  `cbor:"netns,omitempty" pinned:"true" help:"other namespace"`
	Dev   *IfName `cbor:"dev,omitempty" help:"lower link"`
}

type hop struct {
	Via    *Addr   `cbor:"via,omitempty" pinned:"true" help:"gateway"`
	Weight *Weight `cbor:"weight,omitempty" help:"share"`
}

type params struct {
	in
	Name   IfName  `cbor:"name" help:"link"`
	Up     *Flag   `cbor:"up,omitempty" help:"state"`
	Tunnel *tunnel `cbor:"tunnel,omitempty"`
	Hops   []hop   `cbor:"hop,omitempty"`
}

var fields = FieldsOf[params]()

func TestFieldsOf(t *testing.T) {
	var got []string
	for _, f := range fields {
		text := f.Name + ":" + f.Type.Name
		if f.Required {
			text += ":required"
		}
		if f.Pinned {
			text += ":pinned"
		}
		if f.Group != "" {
			text += ":of " + f.Group
		}
		got = append(got, text)
	}
	want := "netns:netns:pinned name:ifname:required up:flag tunnel.id:vni:required tunnel.netns:netns:pinned " +
		"tunnel.dev:ifname hop.via:address:pinned:of hop hop.weight:weight:of hop"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
}

// set reads words into a params struct.
func set(t *testing.T, words ...string) (*params, error) {
	t.Helper()
	p := new(params)
	for _, w := range words {
		name, text, _ := strings.Cut(w, "=")
		if err := Set(fields, p, name, text); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// TestBind checks that a request is listed in declaration order, with what is
// pinned and absent: in the request, in each element, but in no absent group.
func TestBind(t *testing.T) {
	for _, c := range []struct{ words, want string }{
		{"name=a", "netns- name=a"},
		{"up=off name=a netns=.", "netns=. name=a up=off"},
		{"name=a tunnel.id=5", "netns- name=a tunnel.id=5 tunnel.netns-"},
		{"tunnel.netns=b tunnel.id=5 name=a", "netns- name=a tunnel.id=5 tunnel.netns=b"},
		{"name=a hop.1.weight=3 hop.2.via=::1", "netns- name=a hop.1.via- hop.1.weight=3 hop.2.via=::1"},
	} {
		p, err := set(t, strings.Fields(c.words)...)
		if err != nil {
			t.Errorf("%s: %v", c.words, err)
			continue
		}
		var got []string
		for _, b := range Bind(fields, p) {
			if b.Value == nil {
				got = append(got, b.Name()+"-")
			} else {
				got = append(got, b.String())
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.words, s, c.want)
		}
	}
}

func TestSetRefuses(t *testing.T) {
	for words, want := range map[string]string{
		"name=":                       "name: ",
		"colour=red":                  "colour: no such attribute",
		"name=a name=b":               "name: given twice",
		"up=on up=on":                 "up: given twice",
		"tunnel=5":                    "tunnel: no such attribute",
		"tunnel.colour=5":             "tunnel.colour: no such attribute",
		"hop.via=::1":                 "hop.via: no such attribute",
		"hop.0.via=::1":               "hop.0.via: no such attribute",
		"hop.01.via=::1":              "hop.01.via: no such attribute",
		"hop.2.via=::1":               "hop.2.via: elements are numbered",
		"hop.257.via=::1":             "hop.257.via: no such attribute",
		"hop.1.via=::1 hop.1.via=::2": "hop.1.via: given twice",
	} {
		_, err := set(t, strings.Fields(words)...)
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", words, err, want)
		}
	}
}

func TestCheck(t *testing.T) {
	p, err := set(t, "name=a", "tunnel.id=5", "hop.1.weight=3")
	if err != nil {
		t.Fatal(err)
	}
	if err := Check(fields, p); err != nil {
		t.Error(err)
	}
	bad := Weight(0)
	p.Hops[0].Weight = &bad
	if err := Check(fields, p); err == nil || !strings.HasPrefix(err.Error(), "hop.1.weight: ") {
		t.Errorf("an inadmissible weight: %v", err)
	}
	if err := Check(fields, new(params)); err == nil || !strings.HasPrefix(err.Error(), "name: ") {
		t.Errorf("an empty name: %v", err)
	}
}

// TestFieldsOfRefuses checks that a malformed declaration is found at start.
func TestFieldsOfRefuses(t *testing.T) {
	for name, fields := range map[string]func() []*Field{
		"no tag": FieldsOf[struct{ A IfName }],
		"no help": FieldsOf[struct {
			A IfName `cbor:"a"`
		}],
		"no attribute": FieldsOf[struct {
			A string `cbor:"a" help:"a"`
		}],
		"optional value": FieldsOf[struct {
			A IfName `cbor:"a,omitempty" help:"a"`
		}],
		"required pointer": FieldsOf[struct {
			A *IfName `cbor:"a" help:"a"`
		}],
		"pinned, required": FieldsOf[struct {
			A IfName `cbor:"a" help:"a" pinned:"true"`
		}],
		"required group": FieldsOf[struct {
			A hop `cbor:"a"`
		}],
		"list in a group": FieldsOf[struct {
			A *struct {
				B []hop `cbor:"b,omitempty"`
			} `cbor:"a,omitempty"`
		}],
		"list of no groups": FieldsOf[struct {
			A []IfName `cbor:"a,omitempty" help:"a"`
		}],
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: accepted", name)
				}
			}()
			fields()
		}()
	}
}
