package test

import (
	"encoding/binary"
	"encoding/hex"
	"os"
	"strings"
	"testing"

	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// A policy that others could have written, that is not there, or that has an
// error is no policy: the helper serves nothing and says why.
func TestSetuidPolicyFile(t *testing.T) {
	const policy, dir = "/etc/nethelper/policy", "/etc/nethelper"
	for _, test := range []struct {
		name  string
		spoil func(m *machine)
		want  string
	}{
		{"missing", func(m *machine) { m.must(os.Remove(policy)) }, policy + ": no such file or directory"},
		{"writable by group", func(m *machine) { m.must(os.Chmod(policy, 0o660)) }, policy + ": writable by group: chmod g-w " + policy},
		{"somebody else's", func(m *machine) { m.must(os.Chown(policy, alice.UID, 0)) }, policy + ": belongs to uid 61001, want uid 0: chown 0 " + policy},
		{"directory of somebody else's", func(m *machine) { m.must(os.Chown(dir, alice.UID, 0)) }, dir + ": belongs to uid 61001, want uid 0: chown 0 " + dir},
		{"symbolic link", func(m *machine) { m.must(os.Rename(policy, policy+"2")); m.must(os.Symlink(policy+"2", policy)) }, policy + ": a symbolic link, want a regular file"},
		{"FIFO", func(m *machine) { m.must(os.Remove(policy)); m.must(unix.Mkfifo(policy, 0o644)) }, policy + ": a FIFO, want a regular file"},
		{"device", func(m *machine) {
			m.must(os.Remove(policy))
			m.must(unix.Mknod(policy, unix.S_IFCHR|0o644, int(unix.Mkdev(1, 5))))
		}, policy + ": a device, want a regular file"},
		{"directory", func(m *machine) { m.must(os.Remove(policy)); m.must(os.Mkdir(policy, 0o755)) }, policy + ": a directory, want a regular file"},
		{"hard link", func(m *machine) { m.must(os.Link(policy, policy+"2")) }, policy + ": has 2 hard links, want one: put a copy in its place"},
		{"writable by all", func(m *machine) { m.must(os.Chmod(policy, 0o646)) }, policy + ": writable by others: chmod o-w " + policy},
		{"sticky directory of all", func(m *machine) { m.must(os.Chmod(dir, 0o777|os.ModeSticky)) }, dir + ": writable by group and others: chmod go-w " + dir},
		{"linked directory", func(m *machine) { m.must(os.Rename(dir, dir+"2")); m.must(os.Symlink(dir+"2", dir)) }, dir + ": a symbolic link, want a directory"},
		{"drop-in of somebody else's", func(m *machine) {
			m.write(dir+"/policy.d/50-more.policy", aliceMay, 0o644)
			m.must(os.Chown(dir+"/policy.d/50-more.policy", alice.UID, 0))
		}, dir + "/policy.d/50-more.policy: belongs to uid 61001, want uid 0: chown 0 " + dir + "/policy.d/50-more.policy"},
		{"directory of a group", func(m *machine) { m.must(os.Chmod(dir, 0o775)) }, dir + ": writable by group: chmod g-w " + dir},
		{"access of one more", func(m *machine) { m.mayWrite(policy, bob) }, policy + ": writable by group: chmod g-w " + policy},
		{"ten gigabytes", func(m *machine) { m.must(os.Truncate(policy, 10<<30)) }, policy + ": 10737418240 bytes, the limit is 262144"},
		{"half of it", func(m *machine) { m.must(os.Truncate(policy, int64(len(aliceMay)-3))) }, "the policy has an error at policy:1:49: run `nethelperctl policy check`"},
		{"empty", func(m *machine) { m.must(os.Truncate(policy, 0)) }, "the policy has an error at policy:1:1: run `nethelperctl policy check`"},
		{"not UTF-8", func(m *machine) { m.write(policy, aliceMay+"# \xff\n", 0o644) }, "the policy has an error at policy:2:3: run `nethelperctl policy check`"},
		{"a file of proc", func(m *machine) { m.must(unix.Mount("/proc/self/status", policy, "", unix.MS_BIND, "")) },
			policy + ": changed while it was read: try again"},
		{"no text", func(m *machine) { m.write(policy, aliceMay+"\x00\n", 0o644) }, "the policy has an error at policy:2:1: run `nethelperctl policy check`"},
		{"error", func(m *machine) { m.write(policy, aliceMay+"grant alice addr.add\n", 0o644) }, "the policy has an error at policy:2:7: run `nethelperctl policy check`"},
		{"error in a drop-in", func(m *machine) { m.write(dir+"/policy.d/50-more.policy", "grant\n", 0o644) }, "the policy has an error at policy.d/50-more.policy:1:1: run `nethelperctl policy check`"},
		{"not for the helper", func(m *machine) { m.must(os.Chmod(policy, 0o600)) },
			policy + ": permission denied for the user nethelper, which the helper becomes: chgrp nethelper and chmod g+r"},
		{"no user to become", func(m *machine) { m.must(os.Remove("/etc/passwd")) }, "there is no user nethelper: create it as a system user without a login"},
	} {
		t.Run(test.name, func(t *testing.T) { // a goroutine, and so a machine, of its own
			m := install(t, aliceMay)
			test.spoil(m)
			c := m.spawn(launch{person: alice})
			c.to.Write(m.request(1, "addr.add dev=lo address=10.9.9.9/32")) // it may be gone already
			if h := c.hello(); h.Error == nil || h.Error.Code != protocol.Unavailable || h.Error.Message != test.want {
				t.Errorf("got  %v\nwant %s", h.Error, test.want)
			}
			if code := c.hangUp(); code != 77 {
				t.Errorf("exit code %d", code)
			}
			if addresses := m.run("ip", "-brief", "address", "show", "dev", "lo"); strings.Contains(addresses, "10.9.9.9") || m.audit() != "" {
				t.Errorf("something was done: %s\n%s", addresses, m.audit())
			}
		})
	}
}

// A helper follows its policy from one request to the next. What it cannot use,
// or cannot serve with what it kept, allows nothing.
func TestSetuidPolicyChange(t *testing.T) {
	m := install(t, aliceMay)
	c := m.spawn(launch{person: alice}).greeted()
	ask := func(last string) *protocol.Error {
		return c.ask("addr.add dev=lo address=10.9.9." + last + "/32").Error
	}
	digests := make(map[any]bool)
	step := func(policy, last, want string) {
		t.Helper()
		m.setPolicy(policy)
		got := "done"
		if e := ask(last); e != nil {
			got = string(e.Code) + ": " + e.Message
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("after\n%s\ngot  %s\nwant %s", policy, got, want)
		}
	}
	step(aliceMay, "1", "done")
	step("# nothing\n", "2", "denied")
	step(aliceMay, "2", "done")
	step(aliceMay+"grant user:alice\n", "3", "policy: the policy has an error at policy:2:1: run `nethelperctl policy check`")
	step(aliceMay+"grant user:bob netns.create name=*\n", "3", "done")
	step(aliceMay+"grant user:alice netns.create name=*\n", "4", "outdated: the policy has changed and asks for more privilege than this helper kept: start a new helper")
	step(aliceMay+"audit /var/log/other\n", "4", "outdated: the policy has changed and names another audit file: start a new helper")
	step(aliceMay+"grant user:alice addr.add dev=lo address=10.9.9.4/32\n", "4", "done")
	m.must(os.Chmod("/etc/nethelper/policy", 0o662))
	if e := ask("5"); e == nil || e.Code != protocol.Policy {
		t.Errorf("a policy that others can write: %v", e)
	}
	m.must(os.Remove("/etc/nethelper/policy"))
	if e := ask("5"); e == nil || e.Code != protocol.Policy {
		t.Errorf("no policy: %v", e)
	}
	step(aliceMay, "5", "done")
	if addresses := m.run("ip", "-brief", "address", "show", "dev", "lo"); strings.Count(addresses, "10.9.9.") != 5 {
		t.Errorf("want five addresses: %s", addresses)
	}
	for _, r := range m.records() {
		digests[r["policy"]] = true
	}
	if len(digests) != 4 { // three that were in force, and none of the record of the end
		t.Errorf("the records name %d policies: %v", len(digests), digests)
	}
}

// The hello and the records name the policy by the same digest.
func TestSetuidDigest(t *testing.T) {
	m := install(t, aliceMay)
	h := m.spawn(launch{person: alice}).hello()
	if want := hex.EncodeToString(h.Policy); len(h.Policy) != 32 || m.records()[0]["policy"] != want {
		t.Errorf("the hello says %s, the record %v", want, m.records()[0]["policy"])
	}
}

// mayWrite gives one more user access to a file (acl(5)), as setfacl does.
func (m *machine) mayWrite(path string, who person) {
	m.Helper()
	acl := binary.LittleEndian.AppendUint32(nil, 2) // POSIX_ACL_XATTR_VERSION
	for _, entry := range []struct {
		tag, perm uint16
		id        uint32
	}{{0x01, 6, ^uint32(0)}, {0x02, 6, uint32(who.UID)}, {0x04, 4, ^uint32(0)}, {0x10, 6, ^uint32(0)}, {0x20, 4, ^uint32(0)}} {
		acl = binary.LittleEndian.AppendUint16(acl, entry.tag)
		acl = binary.LittleEndian.AppendUint16(acl, entry.perm)
		acl = binary.LittleEndian.AppendUint32(acl, entry.id)
	}
	if err := unix.Setxattr(path, "system.posix_acl_access", acl, 0); err == unix.EOPNOTSUPP {
		m.Skip("the file system has no access lists")
	} else {
		m.must(err)
	}
}
