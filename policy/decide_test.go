package policy

import (
	"strings"
	"testing"

	"nethelper/pkg/attr"
)

func TestZeroDenies(t *testing.T) {
	var (
		none     Decision
		empty    Policy
		anything = request(t, "uid:0", "link.add", "name=lab0")
	)
	if none.Allowed() || !strings.HasPrefix(none.String(), "deny") {
		t.Errorf("the zero decision is %s", none)
	}
	if d := empty.Decide(anything); d.Allowed() {
		t.Errorf("the zero policy decides %s", d)
	}
	if d := parse(t, "grant uid:0 link.list\n").Decide(Request{}); d.Allowed() {
		t.Errorf("the zero request is decided %s", d)
	}
}

// A list of attributes that is not complete is covered by nothing: that nobody
// spoke of what is required or pinned does not mean that it is left out.
func TestIncompleteList(t *testing.T) {
	p := parse(t, "grant uid:0 route.add netns=lab dst=10.0.0.0/8 dev=lab0,- hop.dev=lab0\n")
	whole := request(t, "uid:0", "route.add", "netns=lab", "dst=10.0.0.0/8")
	if d := p.Decide(whole); !d.Allowed() {
		t.Fatal(d)
	}
	for _, missing := range []string{"netns", "dst"} {
		r := whole
		r.Attrs = nil
		for _, b := range whole.Attrs {
			if b.Name() != missing {
				r.Attrs = append(r.Attrs, b)
			}
		}
		d := p.Decide(r)
		if want := "policy:1: " + missing + ": left out, want "; d.Allowed() || !strings.Contains(d.String(), want) {
			t.Errorf("without %s: %s", missing, d)
		}
	}
	if d := p.Decide(Request{Op: "route.add"}); d.Allowed() {
		t.Errorf("without attributes: %s", d)
	}
}

// A value of another type than the operation's is covered by no pattern.
func TestForeignValue(t *testing.T) {
	p := parse(t, "grant uid:0 link.add name=* kind=* mtu=* up=* lladdr=* alias=*\n")
	r := request(t, "uid:0", "link.add", "name=a", "kind=ifb", "mtu=1", "up=on", "lladdr=02:00:00:00:00:01", "alias=x")
	if d := p.Decide(r); !d.Allowed() {
		t.Fatal(d)
	}
	for i := range r.Attrs {
		if r.Attrs[i].Value == nil {
			continue
		}
		spoilt := r
		spoilt.Attrs = append([]attr.Binding(nil), r.Attrs...)
		spoilt.Attrs[i].Value = attr.Metric(1)
		if d := p.Decide(spoilt); d.Allowed() {
			t.Errorf("%s: %s", r.Attrs[i].Name(), d)
		}
	}
}

func TestMisses(t *testing.T) {
	const text = `grant uid:1000 link.add name=tap*
grant uid:1000 link.add name=lab* mtu=1280..1500
grant uid:1000 link.add netns=lab name=lab* mtu=1280..1500 up=on
grant uid:1000 link.add name=lab* mtu=9000 up=off
grant uid:1001 link.add name=lab* mtu=9000 up=on
grant uid:1000 link.set name=lab* mtu=9000 up=on
grant uid:1000 route.add dst=10.0.0.0/8 hop.via=10.9.0.1,10.9.0.2,10.9.0.3,10.9.0.4,10.9.0.5,10.9.0.6,10.9.0.7,10.9.0.8,10.9.0.9 hop.dev=a
`
	tests := []struct{ request, want string }{
		// The nearest grants admit three attributes of four; the line decides between
		// them. Grants of others and of other operations are none of it.
		{"uid:1000 link.add name=lab0 mtu=9000 up=on",
			"deny: policy:4: up: on, want off; policy:2: mtu: 9000, want 1280..1500; policy:3: netns: left out, want lab"},
		{"uid:1000 link.add name=eth0",
			"deny: policy:1: name: eth0, want tap*; policy:2: name: eth0, want lab*; policy:4: name: eth0, want lab*"},
		{"uid:1000 link.add name=lab0 alias=a\\x20b",
			"deny: policy:2: alias: the grant does not mention it; policy:4: alias: the grant does not mention it; policy:1: name: lab0, want tap*"},
		{"uid:1000 route.add dst=10.0.0.0/8 hop.1.via=10.9.0.1 hop.1.dev=a hop.2.dev=a",
			"deny: policy:7: hop.2.via: left out, want 10.9.0.1/32,10.9.0.2/32,10.9.0.3/32,10.9.0.4/32,10.9.0.5/32,10.9.0.6/32,10.9.0.7/32,10.9.0.8/32 or 1 more"},
		{"uid:1001 link.set name=lab0", "deny: no grant of the operation to the principal"},
		{"uid:1000 link.set name=lab0", "allow policy:6"},
	}
	p := parse(t, text)
	for _, test := range tests {
		if got := p.Decide(request(t, strings.Fields(test.request)...)).String(); got != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.request, got, test.want)
		}
	}
}

func TestAllowDoesNotAllocate(t *testing.T) {
	p := parse(t, "grant gid:7 route.add dst=fd00::/8\ngrant user:neutron,gid:201 route.add netns=qrouter-* dst=10.0.0.0/8 table=main hop.via=10.9.0.0/16 hop.dev=qr-*\n")
	r := request(t, "gid:201", "route.add", "netns=qrouter-7", "dst=10.1.0.0/16", "table=main", "hop.1.via=10.9.0.1", "hop.1.dev=qr-1")
	if n := testing.AllocsPerRun(100, func() {
		if !p.Decide(r).Allowed() {
			t.Error("denied")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
