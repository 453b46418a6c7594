package test

import (
	"fmt"
	"strings"
	"testing"

	"nethelper/pkg/protocol"

	landlock "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// A helper holds what its caller's grants ask for, on every thread, and nothing
// else; also after it has been in many namespaces.
func TestSetuidProfiles(t *testing.T) {
	m := install(t, `
grant user:alice addr.add dev=lo address=10.0.0.0/8
grant user:carol addr.add netns=* dev=lo address=10.0.0.0/8
grant user:dave  netns.create name=new*
grant user:dave  netns.delete name=new*
`)
	const (
		netAdmin = uint64(1) << unix.CAP_NET_ADMIN
		sysAdmin = uint64(1) << unix.CAP_SYS_ADMIN
	)
	for i := range 100 {
		m.run("ip", "netns", "add", fmt.Sprint("n", i))
	}
	enterAll := func(c *conversation, round int) {
		for i := range 100 {
			c.do(fmt.Sprintf("addr.add netns=n%d dev=lo address=10.9.9.%d/32", i, round))
		}
	}
	createAndDelete := func(c *conversation, _ int) {
		for i := range 20 {
			c.do(fmt.Sprintf("netns.create name=new%d", i))
			c.do(fmt.Sprintf("netns.delete name=new%d", i))
		}
	}
	for _, test := range []struct {
		who     person
		profile string
		uid     int
		caps    uint64
		act     func(c *conversation, round int)
	}{
		{bob, "none", helperUser.UID, 0, func(c *conversation, _ int) { c.refused("addr.add dev=lo address=10.9.9.9/32", protocol.Denied) }},
		{alice, "N", helperUser.UID, netAdmin, func(c *conversation, round int) { c.do(fmt.Sprintf("addr.add dev=lo address=10.9.9.%d/32", round)) }},
		{carol, "E", helperUser.UID, netAdmin | sysAdmin, enterAll},
		{dave, "C", 0, netAdmin | sysAdmin, createAndDelete},
	} {
		c := m.spawn(launch{person: test.who})
		if h := c.hello(); h.Error != nil || h.Profile != test.profile {
			t.Fatalf("uid %d: profile %q (%v), want %q", test.who.UID, h.Profile, h.Error, test.profile)
		}
		if name := m.run("cat", fmt.Sprintf("/proc/%d/comm", c.cmd.Process.Pid)); name != "nethelper\n" {
			t.Errorf("uid %d: the process is called %s", test.who.UID, name)
		}
		want := fmt.Sprintf("Uid %[1]d %[1]d %[1]d %[1]d\nGid %[2]d %[2]d %[2]d %[2]d\nGroups \n"+
			"CapInh %016[4]x\nCapPrm %016[3]x\nCapEff %016[3]x\nCapBnd %016[3]x\nCapAmb %016[4]x\nNoNewPrivs 1\nSeccomp 2",
			test.uid, helperUser.GID, test.caps, 0)
		for round := range 2 {
			if got := c.status("Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp"); got != want {
				t.Errorf("profile %s:\ngot\n%s\nwant\n%s", test.profile, got, want)
			}
			if !c.hidden() {
				t.Errorf("profile %s: the process can be dumped", test.profile)
			}
			test.act(c, round)
		}
		if code := c.hangUp(); code != 0 {
			t.Errorf("profile %s: exit code %d", test.profile, code)
		}
	}
	// Where mounts are made there can be no Landlock domain; the record says so.
	_, missing := landlock.LandlockGetABIVersion()
	for line := range strings.Lines(m.audit()) {
		started := strings.Contains(line, `"event":"start"`)
		if landlocked := strings.Contains(line, `"landlock":`); started && landlocked != (missing == nil && !strings.Contains(line, `"profile":"C"`)) {
			t.Errorf("a start record: %s", line)
		}
	}
	if left := strings.Count(m.run("ip", "netns", "list"), "\n"); left != 100 {
		t.Errorf("%d namespaces are left, want 100", left)
	}
}
