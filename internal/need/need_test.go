package need

import (
	"testing"

	"nethelper/internal/privilege"
	"nethelper/pkg/ops"
	"nethelper/policy"
)

// grants returns what a policy of one text grants uid 1.
func grants(t *testing.T, text string) []*policy.Grant {
	t.Helper()
	p, err := policy.Parse([]policy.Source{{Name: "policy", Text: []byte(text + "\n")}}, ops.Schema(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p.GrantsFor(policy.Principal{UID: 1, GIDs: []uint32{1}})
}

// The privilege follows from the grants, of this caller only.
func TestNeed(t *testing.T) {
	for _, test := range []struct{ text, profile, caps string }{
		{"# nothing", "none", "nothing"},
		{"grant uid:2 netns.create name=*", "none", "nothing"},
		{"grant uid:1 addr.add dev=* address=*", "N", "CAP_NET_ADMIN"},
		{"grant uid:1 addr.add netns=. dev=* address=*", "N", "CAP_NET_ADMIN"},
		{"grant uid:1 addr.add netns=-,. dev=* address=*", "N", "CAP_NET_ADMIN"},
		{"grant uid:1 addr.add netns=-,.,a dev=* address=*", "E", "CAP_NET_ADMIN and CAP_SYS_ADMIN"},
		{"grant gid:1 addr.add netns=* dev=* address=*", "E", "CAP_NET_ADMIN and CAP_SYS_ADMIN"},
		{"grant uid:1 link.set dev=* to_netns=a", "E", "CAP_NET_ADMIN and CAP_SYS_ADMIN"},
		{"grant uid:1 link.add kind=veth name=* peer.name=* peer.netns=a", "E", "CAP_NET_ADMIN and CAP_SYS_ADMIN"},
		{"grant uid:1 netns.get name=*", "none", "nothing"},
		{"grant uid:1 netns.pids name=*", "N", "CAP_SYS_PTRACE"},
		{"grant uid:1 netns.create name=*", "C", "CAP_NET_ADMIN and CAP_SYS_ADMIN"},
	} {
		need, err := Of(grants(t, test.text))
		if err != nil || need.Profile() != test.profile || need.Caps.String() != test.caps {
			t.Errorf("%q: profile %s, %s (%v), want %s, %s", test.text, need.Profile(), need.Caps, err, test.profile, test.caps)
		}
	}
}

// The helper can hold every capability that an operation asks for.
func TestCaps(t *testing.T) {
	for _, op := range ops.All {
		var need privilege.Need
		for _, c := range op.Caps {
			if err := need.Add(string(c)); err != nil || need.Caps.Without(0) == 0 {
				t.Errorf("%s: %v", op.Name, err)
			}
		}
	}
}
