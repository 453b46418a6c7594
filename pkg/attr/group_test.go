package attr

import "testing"

func TestCheckGroups(t *testing.T) {
	type inner struct {
		Up *Flag `cbor:"up,omitempty" help:"state"`
	}
	type outer struct {
		in
		Inner  *inner  `cbor:"inner,omitempty"`
		Tunnel *tunnel `cbor:"tunnel,omitempty"`
		Hops   []hop   `cbor:"hop,omitempty"`
	}
	for _, c := range []struct {
		params outer
		want   string // the group that is named, or "" where all is well
	}{
		{outer{}, ""},
		{outer{Inner: &inner{}}, "inner"},
		{outer{Inner: &inner{Up: new(Flag(false))}}, ""},
		{outer{Tunnel: &tunnel{}}, ""}, // has what it requires
		{outer{Hops: []hop{{Weight: new(Weight(1))}, {}}}, "hop.2"},
		{outer{Hops: []hop{{Weight: new(Weight(1))}}}, ""},
	} {
		got := ""
		if err := Check(FieldsOf[outer](), &c.params); err != nil {
			got = err.(*Error).Attr
		}
		if got != c.want {
			t.Errorf("%+v: error about %q, want %q", c.params, got, c.want)
		}
	}
}
