package privilege

import "testing"

func TestCovers(t *testing.T) {
	need := func(root bool, names ...string) (n Need) {
		n.Root = root
		for _, name := range names {
			if err := n.Add(name); err != nil {
				t.Fatal(err)
			}
		}
		return n
	}
	none, net, both := need(false), need(false, "CAP_NET_ADMIN"), need(false, "CAP_NET_ADMIN", "CAP_SYS_ADMIN")
	root := need(true, "CAP_NET_ADMIN", "CAP_SYS_ADMIN")
	for _, test := range []struct {
		a, b Need
		want bool
	}{
		{none, none, true}, {none, net, false}, {net, none, true}, {net, both, false},
		{both, net, true}, {both, root, false}, {root, both, true}, {need(true), none, true}, {need(true), net, false},
	} {
		if got := test.a.Covers(test.b); got != test.want {
			t.Errorf("%+v covers %+v: %v", test.a, test.b, got)
		}
	}
	if err := new(Need).Add("CAP_SYS_MODULE"); err == nil {
		t.Error("CAP_SYS_MODULE can be held")
	}
}
