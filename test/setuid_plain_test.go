package test

import (
	"fmt"
	"os"
	"testing"

	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// A helper that gained nothing at exec may be told its policy and its audit file,
// and gives up what that policy does not ask for.
func TestPlain(t *testing.T) {
	m := install(t, aliceMay)
	m.apart = true
	plain := "/run/libexec/plain"
	text, err := os.ReadFile(m.helper)
	m.must(err)
	m.write(plain, string(text), 0o755)
	m.write("/run/policy", "grant user:alice,uid:0 addr.add dev=lo address=10.0.0.0/8\n", 0o644)
	m.must(os.Mkdir("/run/log", 0o755))
	m.must(os.Chown("/run/log", alice.UID, alice.GID))
	args := func(audit string) []string { return []string{"nethelper", "-policy", "/run/policy", "-audit", audit} }
	caps := fmt.Sprintf("%016x", uint64(1)<<unix.CAP_NET_ADMIN)

	for i, test := range []struct {
		what string
		launch
	}{
		{"root", launch{Args: args("/run/audit")}},
		{"ambient capability", launch{person: alice, Ambient: unix.CAP_NET_ADMIN, Args: args("/run/log/audit")}},
		{"ambient capability, as if it were stage 1", launch{
			person: alice, Ambient: unix.CAP_NET_ADMIN, NoNewPrivs: true, Args: args("/run/log/audit2"),
			Env: []string{"GOMAXPROCS=1", "GOTRACEBACK=none", `NETHELPER_HANDOVER=uid=0 gid=0 pid=1 audit=2 slot=-1 quota=-1 policy= groups= repaired=`},
		}},
	} {
		test.Path = plain
		c := m.spawn(test.launch)
		if h := c.hello(); h.Error != nil || h.Profile != "N" {
			t.Fatalf("%s: profile %q, %v", test.what, h.Profile, h.Error)
		}
		want := fmt.Sprintf("Uid %[1]d %[1]d %[1]d %[1]d\nCapInh 0000000000000000\nCapPrm %[2]s\nCapEff %[2]s\n"+
			"CapAmb 0000000000000000\nNoNewPrivs 1", test.UID, caps)
		if got := c.status("Uid", "CapInh", "CapPrm", "CapEff", "CapAmb", "NoNewPrivs"); got != want {
			t.Errorf("%s:\ngot\n%s\nwant\n%s", test.what, got, want)
		}
		c.do(fmt.Sprintf("addr.add dev=lo address=10.9.9.%d/32", i))
		c.refused("addr.add dev=lo address=11.9.9.9/32", protocol.Denied)
		if code := c.hangUp(); code != 0 {
			t.Errorf("%s: exit code %d", test.what, code)
		}
		log, err := os.ReadFile(test.Args[4])
		m.must(err)
		m.shows(string(log), `"verdict":"deny"`, fmt.Sprintf(`"uid":%d,`, test.UID))
	}
}

// What the policy asks for and the helper does not hold is said at the start.
func TestPlainCannot(t *testing.T) {
	m := install(t, aliceMay)
	plain := "/run/libexec/plain"
	text, err := os.ReadFile(m.helper)
	m.must(err)
	m.write(plain, string(text), 0o755)
	m.write("/run/policy", "grant user:alice addr.add dev=lo address=10.0.0.0/8\n", 0o644)
	m.write("/run/root", "grant user:alice netns.create name=*\n", 0o644)
	m.write("/run/bad", "grant user:alice addr.add dev=lo address=10.0.0.0/8\ngrant user:alice no.such\n", 0o644)
	m.write("/run/mine", "grant user:alice addr.add dev=lo address=10.0.0.0/8\n", 0o644)
	m.must(os.Chown("/run/mine", bob.UID, bob.GID))
	m.write("/run/open", "grant user:alice addr.add dev=lo address=10.0.0.0/8\n", 0o664)
	for _, test := range []struct {
		policy string
		want   string
	}{
		{"/run/policy", "the policy asks for CAP_NET_ADMIN, which the helper does not hold: start it as root, with ambient capabilities, or as root of a user namespace"},
		{"/run/bad", `bad:2:18: "no.such": no such operation`},
		{"/run/mine", "/run/mine: belongs to uid 61002, want uid 61001 or 0: chown 61001 /run/mine"},
		{"/run/open", "/run/open: writable by group: chmod g-w /run/open"},
		{"/run/none", "/run/none: no such file or directory"},
	} {
		c := m.spawn(launch{person: alice, Path: plain, Args: []string{"nethelper", "-policy", test.policy, "-audit", "-"}})
		if h := c.hello(); h.Error == nil || h.Error.Code != protocol.Unavailable || h.Error.Message != test.want {
			t.Errorf("%s: got  %v\nwant %s", test.policy, h.Error, test.want)
		}
		if code := c.hangUp(); code != 77 {
			t.Errorf("%s: exit code %d, want 77", test.policy, code)
		}
	}
	for _, args := range [][]string{{"nethelper", "-x"}, {"nethelper", "addr.add"}} {
		c := m.spawn(launch{person: alice, Path: plain, Args: args})
		if h := c.hello(); h.Error == nil || h.Error.Code != protocol.Unavailable {
			t.Errorf("%q: %v", args, h.Error)
		}
		if code := c.hangUp(); code != 64 || c.stderr.Len() == 0 {
			t.Errorf("%q: exit code %d and %q", args, code, c.stderr.String())
		}
	}
}
