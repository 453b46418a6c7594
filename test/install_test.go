package test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// TestInstall installs as an operator does, on a machine whose /etc, /var/log and
// /opt are its own; a member of the group nethelper then starts the helper, which
// grants it nothing, and anyone else cannot.
func TestInstall(t *testing.T) {
	if !isRoot() {
		t.Skip("skip: installing takes root")
	}
	runtime.LockOSThread() // never unlocked: the thread's mounts end with the test
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		t.Fatal(err)
	}
	freshMachine(t)
	source := builtSource(t)
	run := func(credential *syscall.Credential, line ...string) (string, error) {
		cmd := exec.Command(line[0], line[1:]...)
		cmd.Dir = "/"
		cmd.Env = []string{"PATH=/opt/bin:" + os.Getenv("PATH") + ":/usr/sbin:/sbin", "LIBEXECDIR=/opt/libexec", "BINDIR=/opt/bin", "NETHELPER=/opt/libexec/nethelper"}
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: credential}
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	must := func(line ...string) string {
		t.Helper()
		out, err := run(nil, line...)
		if err != nil {
			t.Fatalf("%s: %v\n%s", strings.Join(line, " "), err, out)
		}
		return out
	}
	must(filepath.Join(source, "packaging/install"))

	for path, want := range map[string]os.FileMode{
		"/opt/libexec/nethelper":  os.ModeSetuid | 0o750,
		"/opt/bin/nethelperctl":   0o755,
		"/etc/nethelper":          os.ModeDir | 0o755,
		"/etc/nethelper/policy.d": os.ModeDir | 0o755,
		"/etc/nethelper/policy":   0o640,
		"/var/log/nethelper":      os.ModeDir | 0o750,
	} {
		info, err := os.Lstat(path)
		if err != nil {
			t.Error(err)
		} else if info.Mode() != want || info.Sys().(*syscall.Stat_t).Uid != 0 {
			t.Errorf("%s: %v of uid %d, want %v of root", path, info.Mode(), info.Sys().(*syscall.Stat_t).Uid, want)
		}
	}
	must("/opt/bin/nethelperctl", "policy", "check")

	gid := groupID(t, must("getent", "group", "nethelper"))
	member := &syscall.Credential{Uid: 4001, Gid: 4001, Groups: []uint32{gid}}
	if out, err := run(member, "/opt/bin/nethelperctl", "hello"); err != nil || !strings.Contains(out, "none") {
		t.Errorf("a member without grants: %v\n%s", err, out)
	}
	if out, err := run(member, "/opt/bin/nethelperctl", "link.list"); err == nil || !strings.Contains(out, "denied") {
		t.Errorf("a member without grants lists links: %v\n%s", err, out)
	}
	stranger := &syscall.Credential{Uid: 4002, Gid: 4002}
	if out, err := run(stranger, "/opt/bin/nethelperctl", "hello"); err == nil || !strings.Contains(out, "permission denied") {
		t.Errorf("a stranger: %v\n%s", err, out)
	}

	// The operator's policy outlives a second installation and the removal.
	if err := os.WriteFile("/etc/nethelper/policy", []byte("# mine\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	must(filepath.Join(source, "packaging/install"))
	must(filepath.Join(source, "packaging/uninstall"))
	if text, err := os.ReadFile("/etc/nethelper/policy"); err != nil || string(text) != "# mine\n" {
		t.Errorf("the policy is now %q, %v", text, err)
	}
	if left, err := filepath.Glob("/opt/*/*"); err != nil || len(left) != 0 {
		t.Errorf("left behind: %s, %v", strings.Join(left, " "), err)
	}
}

// TestInstallCaps installs the helper with file capabilities: a member of the group
// then starts it, as itself, with what its grants need and no more.
func TestInstallCaps(t *testing.T) {
	if !isRoot() {
		t.Skip("skip: installing takes root")
	}
	runtime.LockOSThread() // never unlocked: the thread's mounts end with the test
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		t.Fatal(err)
	}
	freshMachine(t)
	install := exec.Command(filepath.Join(builtSource(t), "packaging/install"))
	install.Env = append(os.Environ(), "LIBEXECDIR=/opt/libexec", "BINDIR=/opt/bin", "CAPS=1")
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for path, want := range map[string]os.FileMode{"/opt/libexec/nethelper": 0o710, "/var/log/nethelper/audit.log": 0o640, "/var/log/nethelper/audit.log.lock": 0o640} {
		if info, err := os.Lstat(path); err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v, want %v", path, info, err, want)
		}
	}
	if err := os.WriteFile("/etc/nethelper/policy", []byte("grant uid:4001 addr.add dev=lo address=10.0.0.0/8\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	group, err := exec.Command("getent", "group", "nethelper").Output()
	if err != nil {
		t.Fatal(err)
	}
	hello := exec.Command("/opt/bin/nethelperctl", "hello")
	hello.Env = []string{"NETHELPER=/opt/libexec/nethelper"}
	hello.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 4001, Gid: 4001, Groups: []uint32{groupID(t, string(group))}}}
	if out, err := hello.CombinedOutput(); err != nil || !strings.Contains(string(out), "N") {
		t.Errorf("%v\n%s", err, out)
	}
	if log, err := os.ReadFile("/var/log/nethelper/audit.log"); err != nil || !strings.Contains(string(log), `"uid":4001`) || !strings.Contains(string(log), `"profile":"N"`) {
		t.Errorf("records: %s, %v", log, err)
	}
}

// freshMachine mounts empty folders where an installation writes, with the
// accounts of this machine.
func freshMachine(t *testing.T) {
	t.Helper()
	accounts := make(map[string][]byte)
	for _, name := range []string{"passwd", "group", "shadow", "gshadow", "login.defs", "nsswitch.conf"} {
		if text, err := os.ReadFile("/etc/" + name); err == nil {
			accounts[name] = text
		}
	}
	for _, dir := range []string{"/etc", "/var/log", "/opt"} {
		if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "mode=755"); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range accounts {
		if err := os.WriteFile("/etc/"+name, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// builtSource returns a folder that is like the source tree after `make build`.
func builtSource(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	source, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	for link, target := range map[string]string{
		"packaging": filepath.Join(source, "packaging"),
		"demo":      filepath.Join(source, "demo"),
		"bin":       os.Getenv(binEnv),
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// groupID returns the number in a line of group(5).
func groupID(t *testing.T, line string) uint32 {
	t.Helper()
	fields := strings.Split(line, ":")
	if len(fields) < 3 {
		t.Fatalf("no line of group(5): %q", line)
	}
	gid, err := strconv.ParseUint(fields[2], 10, 32)
	if err != nil {
		t.Fatal(err)
	}
	return uint32(gid)
}
