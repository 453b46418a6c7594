package policy

import (
	"os"
	"slices"
	"testing"

	"nethelper/internal/trust"
)

func TestParseAccounts(t *testing.T) {
	a := ParseAccounts(
		[]byte("root:x:0:0::/root:/bin/sh\n"+
			"lab:x:1000:100::/:/bin/sh\n"+
			"lab:x:0:0::/:/bin/sh\n"+ // the first entry counts
			"none:x:4294967295:100::/:/bin/sh\n"+
			"octal:x:010:100::/:/bin/sh\n"+
			"sign:x:-1:100::/:/bin/sh\n"+
			"short:x:7\n"+
			"+::::::\n"+
			"\n"+
			"last:x:7:7::/:/bin/sh"),
		[]byte("lxc:x:200:lab,root\n"+
			"lxc:x:0:last\n"+
			"kvm:x:201:lab\n"+
			"none:x:4294967295:lab\n"+
			"short:x:7\n"+
			"empty:x:202:\n"))
	uids := map[string]int64{"root": 0, "lab": 1000, "last": 7, "none": -1, "octal": -1, "sign": -1, "short": -1, "+": -1, "": -1, "lxc": -1}
	for user, want := range uids {
		uid, ok := a.UID(user)
		if ok != (want >= 0) || ok && int64(uid) != want {
			t.Errorf("user %q: %d, %t", user, uid, ok)
		}
	}
	gids := map[string]int64{"lxc": 200, "kvm": 201, "empty": 202, "none": -1, "short": -1, "": -1, "lab": -1}
	for group, want := range gids {
		gid, ok := a.GID(group)
		if ok != (want >= 0) || ok && int64(gid) != want {
			t.Errorf("group %q: %d, %t", group, gid, ok)
		}
	}
	groups := map[string][]uint32{"lab": {100, 200, 201}, "root": {0, 200}, "last": {7}, "none": nil, "": nil}
	for user, want := range groups {
		if got := a.Groups(user); !slices.Equal(got, want) {
			t.Errorf("groups of %q: %v, want %v", user, got, want)
		}
	}
}

// The zero Accounts know nobody.
func TestNoAccounts(t *testing.T) {
	var a Accounts
	if _, ok := a.UID("root"); ok {
		t.Error("there is a user")
	}
	if _, ok := a.GID("root"); ok {
		t.Error("there is a group")
	}
}

func TestReadAccounts(t *testing.T) {
	if _, err := os.Stat(passwdFile); err != nil {
		t.Skipf("SKIPPED: %v", err)
	}
	// Within a user namespace the system's files belong to nobody known.
	a, err := ReadAccounts(trust.Own(uint32(os.Geteuid()), true))
	if err != nil {
		t.Fatal(err)
	}
	if uid, ok := a.UID("root"); !ok || uid != 0 {
		t.Errorf("root is %d, %t", uid, ok)
	}
	if _, err := ReadAccounts(trust.Owners{}); err == nil {
		t.Error("read files that nobody is trusted with")
	}
}

// nobody are names that all have the id that nobody has.
type nobody struct{}

func (nobody) UID(string) (uint32, bool) { return noID, true }
func (nobody) GID(string) (uint32, bool) { return noID, true }
func (nobody) Groups(string) []uint32    { return nil }

func TestNobody(t *testing.T) {
	for _, who := range []string{"user:x", "group:x"} {
		if p, err := ParsePrincipal(who, nobody{}); err == nil {
			t.Errorf("%s: got %v", who, p)
		}
	}
}
