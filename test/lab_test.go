package test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// lab gives a test a network and a mount namespace of its own, and a policy. It
// returns a shell in which both programs are on PATH, as they are in a script. A
// command that fails ends the test.
func lab(t *testing.T, policy string) (shell func(command string) string) {
	t.Helper()
	runtime.LockOSThread() // never unlocked: the thread's namespaces end with the test
	if err := unix.Unshare(unix.CLONE_NEWNET | unix.CLONE_NEWNS); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		t.Fatal(err)
	}
	if err := emptyRun(); err != nil {
		t.Fatal(err)
	}
	work, bin := t.TempDir(), os.Getenv(binEnv)
	if err := os.WriteFile(filepath.Join(work, "policy"), []byte(policy+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	env := append(os.Environ(),
		"PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"),
		"NETHELPER="+filepath.Join(bin, "nethelper"),
		"NETHELPER_POLICY="+filepath.Join(work, "policy"),
		"NETHELPER_AUDIT="+filepath.Join(work, "audit"))
	return func(command string) string {
		t.Helper()
		cmd := exec.Command("sh", "-c", "set -e\n"+command)
		cmd.Dir, cmd.Env = work, env
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", command, err)
		}
		return string(out)
	}
}
