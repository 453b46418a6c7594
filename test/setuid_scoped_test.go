package test

import (
	"encoding/binary"
	"fmt"
	"os"
	"strings"
	"testing"

	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// scopedCaps are those that an installation by file capabilities has.
var scopedCaps = []int{unix.CAP_NET_ADMIN, unix.CAP_SYS_ADMIN, unix.CAP_DAC_OVERRIDE}

// scoped puts capabilities in the place of the setuid bit, and makes the audit
// file, as the installation does.
func (m *machine) scoped(caps ...int) {
	m.Helper()
	m.must(os.Chmod(m.helper, 0o710))
	// The layout of the attribute is in linux/capability.h (VFS_CAP_REVISION_2).
	var permitted uint64
	for _, c := range caps {
		permitted |= 1 << c
	}
	value := make([]byte, 0, 20)
	for _, word := range []uint32{0x02000000, uint32(permitted), 0, uint32(permitted >> 32), 0} {
		value = binary.LittleEndian.AppendUint32(value, word)
	}
	m.must(unix.Setxattr(m.helper, "security.capability", value, 0))
	m.write(auditFile, "", 0o640)
}

// A helper with file capabilities stays its caller, with what the caller's grants
// ask for, and judges and records like any other.
func TestScoped(t *testing.T) {
	m := install(t, aliceMay+"grant user:carol addr.add netns=* dev=lo address=10.0.0.0/8\n")
	m.scoped(scopedCaps...)
	m.must(os.Chmod("/var/log/nethelper", 0o700))
	m.run("ip", "netns", "add", "red")
	const netAdmin, sysAdmin = uint64(1) << unix.CAP_NET_ADMIN, uint64(1) << unix.CAP_SYS_ADMIN
	for _, test := range []struct {
		person
		profile string
		caps    uint64
		call    string
	}{
		{bob, "none", 0, ""},
		{alice, "N", netAdmin, "addr.add dev=lo address=10.9.9.1/32"},
		{carol, "E", netAdmin | sysAdmin, "addr.add netns=red dev=lo address=10.9.9.1/32"},
	} {
		c := m.spawn(launch{person: test.person, Open: []int{3, 9}, Slack: 3e9, Env: []string{
			"GODEBUG=panicnil=1", "GOGC=off",
			`NETHELPER_HANDOVER=uid=61001 gid=61001 pid=1 audit=2 slot=-1 quota=-1 policy= groups= repaired=`,
		}})
		if h := c.hello(); h.Error != nil || h.Profile != test.profile {
			t.Fatalf("uid %d: profile %q (%v), want %s", test.UID, h.Profile, h.Error, test.profile)
		}
		want := fmt.Sprintf("Uid %[1]d %[1]d %[1]d %[1]d\nCapInh %016[3]x\nCapPrm %016[2]x\nCapEff %016[2]x\n"+
			"CapAmb %016[3]x\nNoNewPrivs 1\nSeccomp 2", test.UID, test.caps, 0)
		if got := c.status("Uid", "CapInh", "CapPrm", "CapEff", "CapAmb", "NoNewPrivs", "Seccomp"); got != want {
			t.Errorf("uid %d:\ngot\n%s\nwant\n%s", test.UID, got, want)
		}
		if !c.hidden() {
			t.Errorf("uid %d: the process can be dumped", test.UID)
		}
		if test.call != "" {
			c.do(test.call)
		}
		c.refused("addr.add dev=lo address=11.9.9.9/32", protocol.Denied)
		if code := c.hangUp(); code != 0 || c.stderr.Len() > 0 {
			t.Errorf("uid %d: exit code %d, stderr %q", test.UID, code, c.stderr.String())
		}
		m.shows(m.audit(), `"event":"end","time":`, fmt.Sprintf(`"uid":%d,`, test.UID), `"repaired":["a timer slack of 3s"]`)
	}
	m.shows(m.run("ip", "-brief", "address", "show", "dev", "lo"), "10.9.9.1/32")
	m.shows(m.run("ip", "-n", "red", "-brief", "address", "show", "dev", "lo"), "10.9.9.1/32")
}

// A helper with file capabilities that cannot serve says why.
func TestScopedObstacles(t *testing.T) {
	const grants = aliceMay + "grant user:dave netns.create name=*\n"
	for _, test := range []struct {
		what  string
		caps  []int
		spoil func(m *machine)
		launch
		want string
	}{
		{"arguments", scopedCaps, nil, launch{person: alice, Args: []string{"nethelper", "--policy", "/run/mine"}},
			"a helper that gained privilege takes no arguments: its policy is /etc/nethelper/policy"},
		{"namespaces to make", scopedCaps, nil, launch{person: dave},
			"the policy asks for operations that need uid 0, which a helper with file capabilities never is: install it set-id root"},
		{"a capability that is not there", scopedCaps[1:], nil, launch{person: alice},
			"the policy asks for CAP_NET_ADMIN, which the helper's file lacks: add it with setcap to /run/libexec/nethelper"},
		{"bounding set", scopedCaps, nil, launch{person: alice, NoBounding: unix.CAP_NET_ADMIN},
			"the policy asks for CAP_NET_ADMIN, which the bounding set of the caller lacks: add it to CapabilityBoundingSet= in the caller's unit, or to the container's capabilities"},
		{"user namespace", scopedCaps, nil, launch{person: alice, UserNS: true},
			"the caller is in a user namespace of its own, where the capabilities of the helper's file are good for nothing outside: start the helper outside, or as root of the namespace with --policy and --audit"},
		{"no_new_privs", scopedCaps, nil, launch{person: alice, NoNewPrivs: true},
			"the caller has no_new_privs set, so that the helper gains nothing: clear NoNewPrivileges= in its unit, or let the container's processes gain privilege"},
		{"traced", scopedCaps, nil, launch{person: alice, Traced: true},
			"the helper is traced, so that it gains nothing: start it without strace or a debugger"},
		{"no audit file", scopedCaps, func(m *machine) { m.must(os.Remove(auditFile)) }, launch{person: alice},
			"audit file: " + auditFile + " is not there, and only root can make it: install -m 640 /dev/null " + auditFile},
		{"an audit file that cannot be opened", scopedCaps[:2], func(m *machine) { m.must(os.Chmod("/var/log/nethelper", 0o700)) }, launch{person: alice},
			"audit file: " + auditFile + " cannot be opened: give the helper's file cap_dac_override, which it uses for nothing else"},
	} {
		t.Run(test.what, func(t *testing.T) {
			m := install(t, grants)
			m.scoped(test.caps...)
			if test.spoil != nil {
				test.spoil(m)
			}
			c := m.spawn(test.launch)
			if h := c.hello(); h.Error == nil || h.Error.Code != protocol.Unavailable || h.Error.Message != test.want {
				t.Errorf("got  %v\nwant %s", h.Error, test.want)
			}
			if code := c.hangUp(); code != 77 {
				t.Errorf("exit code %d, want 77", code)
			}
			if _, err := os.Stat(auditFile); err == nil && m.audit() != "" {
				t.Errorf("recorded: %s", m.audit())
			}
		})
	}
}

// stageOneBits are the securebits that stage 0 of a set-id helper locks: all but
// SECBIT_KEEP_CAPS, whose lock alone is set (capabilities(7)).
const stageOneBits = 0xef

// A service that holds a capability and pretends to be a stage 0, down to the
// securebits that it leaves and the variable, gains nothing by
// it: the helper holds what the service holds, and knows who the caller is.
func TestScopedForged(t *testing.T) {
	for name, mode := range map[string]func(m *machine){
		"set-id root": func(m *machine) {}, "file capabilities": func(m *machine) { m.scoped(scopedCaps...) },
	} {
		t.Run(name, func(t *testing.T) {
			m := install(t, aliceMay+"grant user:bob addr.add dev=lo address=11.0.0.0/8\n")
			mode(m)
			honest := m.spawn(launch{person: alice})
			digest := fmt.Sprintf("%x", honest.hello().Policy)
			honest.hangUp()
			forged := func(policy string) *conversation {
				return m.spawn(launch{
					person: alice, Ambient: unix.CAP_NET_ADMIN, NoNewPrivs: true, Securebits: stageOneBits,
					Env: []string{"GOMAXPROCS=1", "GOTRACEBACK=none", "NETHELPER_HANDOVER=uid=61002 gid=61002 pid=1 audit=2 slot=-1 quota=-1 policy=" + policy + " groups= repaired="},
				})
			}
			if h, want := forged("00").hello(), "the policy changed while the helper started"; h.Error == nil || !strings.Contains(h.Error.Message, want) {
				t.Errorf("under another policy: %v, want %s", h.Error, want)
			}
			c := forged(digest)
			if h := c.hello(); h.Error != nil {
				if want := "the policy asks for CAP_NET_ADMIN"; !strings.Contains(h.Error.Message, want) {
					t.Errorf("got %v, want %s", h.Error, want)
				}
				return
			}
			want := fmt.Sprintf("Uid 61001 61001 61001 61001\nCapPrm %016x", 1<<unix.CAP_NET_ADMIN)
			if got := c.status("Uid", "CapPrm"); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			c.refused("addr.add dev=lo address=11.9.9.9/32", protocol.Denied)
			c.hangUp()
			m.shows(c.stderr.String(), `"verdict":"deny"`, `"uid":61001,`)
		})
	}
}
