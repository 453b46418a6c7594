package policy

import (
	"errors"
	"testing"

	"nethelper/pkg/attr"
)

// full is a usage of which each grant has as much as it may.
func full(g *Grant) (used, more uint32, err error) { return g.Max, 1, nil }

// room leaves each grant one more.
func room(g *Grant) (used, more uint32, err error) { return g.Max - 1, 1, nil }

// TestSettle checks that a decision which depends on a quota allows nothing before it
// is settled, and then by the first grant that has room.
func TestSettle(t *testing.T) {
	p := parse(t, "grant uid:7 link.add name=a* max=2\ngrant uid:7 link.add name=*b max=3\ngrant uid:7 link.add name=c\n")
	asked := func(name string) Decision { return p.Decide(request(t, "uid:7", "link.add", "name="+name)) }
	settled := func(d Decision, usage Usage) Decision {
		t.Helper()
		d, err := d.Settle(usage)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}

	d := asked("ab")
	if d.Allowed() || d.Covered() || len(d.Limited) != 2 {
		t.Errorf("before it is settled: %+v", d)
	}
	if by := settled(d, room); outcome(by) != "allow policy:1" {
		t.Errorf("with room: %s", by)
	}
	first := d.Limited[0]
	by := settled(d, func(g *Grant) (uint32, uint32, error) {
		if g == first {
			return full(g)
		}
		return room(g)
	})
	if outcome(by) != "allow policy:2" {
		t.Errorf("the second has room: %s", by)
	}
	none := settled(d, full)
	if none.Allowed() || none.String() != "deny: policy:1: max: 2 of 2 are there; policy:2: max: 3 of 3 are there" || none.Misses[0].Used != 2 {
		t.Errorf("without room: %s", none)
	}
	if two := settled(asked("ax"), func(g *Grant) (uint32, uint32, error) { return 1, 2, nil }); two.Allowed() {
		t.Errorf("two more where there is room for one: %s", two)
	}
	if over := settled(asked("ax"), func(g *Grant) (uint32, uint32, error) { return 1<<32 - 1, 1<<32 - 1, nil }); over.Allowed() {
		t.Errorf("more than can be counted: %s", over)
	}
	if by := settled(asked("c"), func(*Grant) (uint32, uint32, error) { t.Error("counted"); return 0, 0, nil }); outcome(by) != "allow policy:3" {
		t.Errorf("without a quota: %s", by)
	}
	broken := errors.New("no answer")
	if d, err := d.Settle(func(*Grant) (uint32, uint32, error) { return 0, 1, broken }); err != broken || d.Allowed() {
		t.Errorf("%s, %v where it cannot be counted", d, err)
	}
}

// TestSettlePermissive checks that what no quota allows is allowed to a principal who
// is permitted everything, and known not to be covered.
func TestSettlePermissive(t *testing.T) {
	p := parse(t, "grant uid:7 link.add name=a max=2\npermissive uid:7\n")
	d := p.Decide(request(t, "uid:7", "link.add", "name=a"))
	if d.Allowed() {
		t.Errorf("before it is settled: %s", d)
	}
	if by, err := d.Settle(full); err != nil || !by.Allowed() || by.Covered() || len(by.Misses) != 1 {
		t.Errorf("%+v, %v", by, err)
	}
	if by, err := d.Settle(room); err != nil || !by.Covered() {
		t.Errorf("%+v, %v", by, err)
	}
}

// TestDescribes checks which objects a grant counts.
func TestDescribes(t *testing.T) {
	p := parse(t, "grant uid:7 link.add netns=lab name=a* kind=veth mtu=1400 alias=mine max=2\ngrant uid:7 link.add name=a*\n")
	limited := p.Grants()[0]
	object := func(traits map[string]attr.Trait) attr.Object {
		return func(name string) (attr.Trait, bool) { trait, ok := traits[name]; return trait, ok }
	}
	for _, test := range []struct {
		what   string
		traits map[string]attr.Trait
		want   bool
	}{
		{"what it can make", map[string]attr.Trait{"name": {Value: attr.IfName("a1")}, "kind": {Value: attr.Kind("veth")}}, true},
		{"another name", map[string]attr.Trait{"name": {Value: attr.IfName("b1")}}, false},
		{"no name", map[string]attr.Trait{"name": {}}, false},
		{"a default", map[string]attr.Trait{"name": {Value: attr.IfName("a1")}, "mtu": {Value: attr.MTU(1500)}}, true},
		{"left out", map[string]attr.Trait{"name": {Value: attr.IfName("a1")}, "alias": {Given: true}}, true},
		{"given", map[string]attr.Trait{"name": {Value: attr.IfName("a1")}, "alias": {Value: attr.Text("mine"), Given: true}}, true},
		{"given otherwise", map[string]attr.Trait{"name": {Value: attr.IfName("a1")}, "alias": {Value: attr.Text("yours"), Given: true}}, false},
		{"nothing to be seen", nil, true},
	} {
		if got := p.Describes(limited, "link.add", object(test.traits)); got != test.want {
			t.Errorf("%s: %t", test.what, got)
		}
	}
	if p.Describes(p.Grants()[1], "link.add", object(nil)) || p.Describes(limited, "link.set", object(nil)) {
		t.Error("a grant without a quota, or of another operation, counts")
	}
}
