package trust

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

const limit = 256 << 10

// place makes a directory for one test, in which the test's user is trusted:
// root below /run, where no directory above is open to others, another user
// wherever the test's files are.
func place(t *testing.T) (string, Owners) {
	t.Helper()
	if !realRoot(t) {
		return resolved(t, t.TempDir()), Own(uint32(os.Geteuid()), mapped(t))
	}
	dir, err := os.MkdirTemp("/run", "trust-test-")
	check(t, err)
	t.Cleanup(func() { check(t, os.RemoveAll(dir)) })
	check(t, os.Chmod(dir, 0o755))
	return dir, Root()
}

// mapped reports whether the test runs in a user namespace of its own.
func mapped(t *testing.T) bool {
	t.Helper()
	text, err := os.ReadFile("/proc/self/uid_map")
	check(t, err)
	return !slices.Equal(strings.Fields(string(text)), []string{"0", "0", "4294967295"})
}

func resolved(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.EvalSymlinks(path)
	check(t, err)
	return path
}

// realRoot reports whether the test is root, and not of a user namespace only.
func realRoot(t *testing.T) bool {
	t.Helper()
	return os.Geteuid() == 0 && !mapped(t)
}

func needRoot(t *testing.T) {
	t.Helper()
	if !realRoot(t) {
		t.Skip("SKIPPED: needs real root, who can make files that belong to others")
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// write makes a file that is trusted.
func write(t *testing.T, path, text string) {
	t.Helper()
	check(t, os.WriteFile(path, []byte(text), 0o644))
	check(t, os.Chmod(path, 0o644))
}

// Nothing stays open, whatever the outcome.
func TestNoLeak(t *testing.T) {
	dir, owners := place(t)
	path := filepath.Join(dir, "policy")
	write(t, path, "a line\n")
	check(t, os.Symlink("policy", path+"2"))
	check(t, os.Mkdir(path+"3", 0o777))
	before := descriptors(t)
	for range 3 {
		for _, p := range []string{path, path + "2", path + "3", path + "4", path + "/x", "/dev/null"} {
			owners.ReadFile(p, limit)
			if fd, err := owners.Append(p); err == nil {
				check(t, unix.Close(fd))
			}
			if d, err := owners.Dir(p); err == nil {
				d.Names(0)
				check(t, d.Close())
			}
		}
	}
	if after := descriptors(t); after != before {
		t.Errorf("%d descriptors before, %d after", before, after)
	}
}

func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	check(t, err)
	return len(entries)
}
