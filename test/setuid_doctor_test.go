package test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

type symptom struct {
	About, Found, Remedy string
	OK                   bool
}

// doctor runs the examination as alice does.
func (m *machine) doctor(prepare func(*exec.Cmd)) (all []symptom, code int) {
	m.Helper()
	cmd := exec.Command(filepath.Join(os.Getenv(binEnv), "nethelperctl"), "doctor", "--json")
	cmd.Env = []string{"NETHELPER=" + m.helper}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(alice.UID), Gid: uint32(alice.GID)}}
	for _, g := range alice.Groups {
		cmd.SysProcAttr.Credential.Groups = append(cmd.SysProcAttr.Credential.Groups, uint32(g))
	}
	prepare(cmd)
	out, err := cmd.Output()
	if cmd.ProcessState == nil {
		m.Fatal(err)
	}
	if err := json.Unmarshal(out, &all); err != nil {
		m.Fatalf("%v in %s", err, out)
	}
	return all, cmd.ProcessState.ExitCode()
}

// Nothing is wrong with an installation as it is to be. Whatever is broken in it is
// found, with what mends it.
func TestSetuidDoctor(t *testing.T) {
	for what, test := range map[string]struct {
		spoil  func(m *machine, cmd *exec.Cmd)
		about  string
		found  string
		remedy string
	}{
		"nothing":           {func(*machine, *exec.Cmd) {}, "", "", ""},
		"no helper":         {func(m *machine, _ *exec.Cmd) { m.must(os.Remove(m.helper)) }, "helper", "is not there", "make install"},
		"not in the group":  {func(_ *machine, cmd *exec.Cmd) { cmd.SysProcAttr.Credential.Groups = nil }, "helper", "may not execute", "adduser USER nethelper"},
		"no setuid bit":     {func(m *machine, _ *exec.Cmd) { m.must(os.Chmod(m.helper, 0o750)) }, "privilege", "neither the setuid bit", "chmod 4750"},
		"nosuid":            {func(m *machine, _ *exec.Cmd) { m.must(unix.Mount("", "/run", "", unix.MS_REMOUNT|unix.MS_NOSUID, "")) }, "file system", "mounted nosuid", "mount it suid"},
		"a policy of bob's": {func(m *machine, _ *exec.Cmd) { m.must(os.Chown("/etc/nethelper/policy", bob.UID, helperUser.GID)) }, "policy", "/etc/nethelper/policy", "correct the owner"},
		"a policy with an error": {func(m *machine, _ *exec.Cmd) { m.setPolicy("grant everything\n") },
			"policy", "1 errors, the first: policy:1:1: ", "policy check"},
		"records anyone can write": {func(m *machine, _ *exec.Cmd) { m.must(os.Chmod("/var/log/nethelper", 0o777)) }, "records", "writable", "root's alone"},
		"no place for records":     {func(m *machine, _ *exec.Cmd) { m.must(os.Remove("/var/log/nethelper")) }, "records", "is not there", "install -d"},
		"namespaces of bob's":      {func(m *machine, _ *exec.Cmd) { m.must(os.Chown("/run/netns", bob.UID, 0)) }, "namespaces", "is not root's alone", "chown root"},
		"namespaces that nobody sees": {func(m *machine, _ *exec.Cmd) {
			m.must(unix.Mount("", "/run/netns", "", unix.MS_PRIVATE, ""))
		}, "namespaces", "no shared mount", "--make-shared"},
	} {
		t.Run(what, func(t *testing.T) {
			m := install(t, aliceMay)
			all, code := m.doctor(func(cmd *exec.Cmd) { test.spoil(m, cmd) })
			if len(all) != 10 {
				t.Errorf("%d examinations", len(all))
			}
			wrong := false
			for _, s := range all {
				wrong = wrong || !s.OK
				if s.About == test.about && (s.OK || !strings.Contains(s.Found, test.found) || !strings.Contains(s.Remedy, test.remedy)) {
					t.Errorf("%+v, want %q and %q", s, test.found, test.remedy)
				}
				if !s.OK && test.about == "" {
					t.Errorf("%+v", s)
				}
			}
			if wrong != (test.about != "") || code != map[bool]int{false: 0, true: 1}[wrong] {
				t.Errorf("something is wrong: %v, exit code %d", wrong, code)
			}
		})
	}
}
