package policy

import (
	"slices"
	"testing"
)

// TestString holds grants to one spelling, which reads back to itself.
func TestString(t *testing.T) {
	tests := []struct{ line, want string }{
		{"grant\tuser:root,uid:1000  link.list # all", "grant user:root,uid:1000 link.list"},
		{"grant gid:7,group:lxc link.add,link.set up=on name=a,b*", "grant gid:7,group:lxc link.add,link.set up=on name=a,b*"},
		{"grant uid:0 @ops netns=-,lab name=@names", "grant uid:0 link.add,link.set netns=lab,- name=a,b"},
		{"grant uid:0 link.add name=a mtu=* up=* alias=*", "grant uid:0 link.add name=a mtu=* up=* alias=*"},
		{`grant uid:0 link.add name=a alias=\x40a,\x2d,-x,a@b,größe,a#b`, `grant uid:0 link.add name=a alias=\x40a,\x2d,-x,a@b,gr\xc3\xb6\xc3\x9fe,a\x23b`},
		{"grant uid:0 link.add name=a lladdr=FA:16:3E:*", "grant uid:0 link.add name=a lladdr=fa:16:3e:*"},
		{"grant uid:0 route.add dst=10.0.0.0/8{16..24},10.1.1.1,FD00::/8,default table=254,253..300", "grant uid:0 route.add dst=10.0.0.0/8{16..24},10.1.1.1/32,fd00::/8,default table=main,default..300"},
	}
	for _, test := range tests {
		p := parse(t, "set @ops = link.add,link.set\nset @names = a,b\n"+test.line+"\n")
		if got := p.Grants()[0].String(); got != test.want {
			t.Errorf("%s\ngot  %s\nwant %s", test.line, got, test.want)
		}
		if again := parse(t, test.want+"\n").Grants()[0].String(); again != test.want {
			t.Errorf("%s\nreads back to %s", test.want, again)
		}
	}
}

func TestGrantsFor(t *testing.T) {
	p := parse(t, "grant uid:1000 link.list\ngrant group:lxc link.list\ngrant uid:0,gid:201 link.list\n")
	for _, test := range []struct {
		who  Principal
		want []string
	}{
		{Principal{UID: 1000}, []string{"policy:1"}},
		{Principal{UID: 1000, GIDs: []uint32{201, 200}}, []string{"policy:1", "policy:2", "policy:3"}},
		{Principal{UID: 0}, []string{"policy:3"}},
		{Principal{UID: 7, GIDs: []uint32{1000}}, nil},
	} {
		var got []string
		for _, g := range p.GrantsFor(test.who) {
			got = append(got, g.Place())
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%v: got %v, want %v", test.who, got, test.want)
		}
	}
}

func TestAuditFile(t *testing.T) {
	if got := parse(t, "# nothing\n").AuditFile(); got != "" {
		t.Errorf("without a statement: %q", got)
	}
	if got := parse(t, "audit /var/log/lab.log # here\n").AuditFile(); got != "/var/log/lab.log" {
		t.Errorf("got %q", got)
	}
}

// No two texts, however they are cut into sources, have one digest.
func TestDigest(t *testing.T) {
	policies := [][]Source{
		{{"a", []byte("#b\n#c\n")}},
		{{"a", []byte("#b\n")}, {"c", []byte("#c\n")}},
		{{"a", []byte("#b\n")}, {"b", []byte("#c\n")}},
		{{"a", []byte("#b\n#c")}, {"b", []byte("\n")}},
		{{"ab", []byte("\n#c\n")}},
		{{"a", []byte("#b\n#c\n\n")}},
	}
	seen := make(map[[32]byte]int)
	for i, sources := range policies {
		sum := digest(sources)
		if sum == ([32]byte{}) {
			t.Errorf("%d: no digest", i)
		}
		if j, there := seen[sum]; there {
			t.Errorf("%d and %d have one digest", i, j)
		}
		seen[sum] = i
	}
	one := parse(t, "grant uid:0 link.list\n")
	if one.Digest() != parse(t, "grant uid:0 link.list\n").Digest() {
		t.Error("one text has two digests")
	}
}
