package trust

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestForeignOwner(t *testing.T) {
	needRoot(t)
	const stranger = 12345
	for _, what := range []string{"file", "parent", "grandparent"} {
		t.Run(what, func(t *testing.T) {
			dir, owners := place(t)
			parent := filepath.Join(dir, "a", "b")
			check(t, os.MkdirAll(parent, 0o755))
			path := filepath.Join(parent, "policy")
			write(t, path, "a line\n")
			at := map[string]string{"file": path, "parent": parent, "grandparent": filepath.Dir(parent)}[what]
			check(t, os.Chown(at, stranger, 0))
			_, _, err := owners.ReadFile(path, limit)
			if want := at + ": belongs to uid 12345, want uid 0: chown 0 " + at; err == nil || err.Error() != want {
				t.Errorf("error %v, want %s", err, want)
			}
			if _, _, err := Own(stranger, false).ReadFile(path, limit); err != nil {
				t.Errorf("the owner does not trust it: %v", err)
			}
			if _, _, err := Own(stranger+1, false).ReadFile(path, limit); err == nil {
				t.Error("a third user trusts it")
			}
		})
	}
}

// In a user namespace directories may belong to nobody known. Files may not.
func TestOverflowOwner(t *testing.T) {
	needRoot(t)
	dir, _ := place(t)
	path := filepath.Join(dir, "policy")
	write(t, path, "a line\n")
	check(t, os.Chown(dir, overflowUID, overflowUID))
	if _, _, err := Own(0, true).ReadFile(path, limit); err != nil {
		t.Errorf("within a user namespace: %v", err)
	}
	if _, _, err := Own(0, false).ReadFile(path, limit); err == nil {
		t.Error("outside of a user namespace, uid 65534 is a user")
	}
	check(t, os.Chown(path, overflowUID, overflowUID))
	_, _, err := Own(0, true).ReadFile(path, limit)
	if want := path + ": belongs to uid 65534, want uid 0: chown 0 " + path; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestZeroOwners(t *testing.T) {
	var nobody Owners
	if _, _, err := nobody.ReadFile("/etc/passwd", limit); err == nil {
		t.Error("the zero value trusts somebody")
	}
}

// A sticky directory is passed by a process that acts with its user's own power,
// and by no other; nobody may keep a whole directory of trusted files in one.
func TestSticky(t *testing.T) {
	dir, _ := place(t)
	own := Own(uint32(os.Geteuid()), mapped(t))
	open := filepath.Join(dir, "tmp")
	check(t, os.Mkdir(open, 0o755))
	path := filepath.Join(open, "policy")
	write(t, path, "a line\n")
	check(t, os.Chmod(open, 0o777|fs.ModeSticky))

	if _, _, err := own.ReadFile(path, limit); err != nil {
		t.Errorf("own file in a sticky directory: %v", err)
	}
	want := open + ": writable by group and others: chmod go-w " + open
	if _, err := own.Dir(open); err == nil || err.Error() != want {
		t.Errorf("the sticky directory itself: error %v, want %s", err, want)
	}

	check(t, os.Chmod(open, 0o777))
	if _, _, err := own.ReadFile(path, limit); err == nil || err.Error() != want {
		t.Errorf("without the sticky bit: error %v, want %s", err, want)
	}

	needRoot(t)
	check(t, os.Chmod(open, 0o777|fs.ModeSticky))
	if _, _, err := Root().ReadFile(path, limit); err == nil || err.Error() != want {
		t.Errorf("with privilege: error %v, want %s", err, want)
	}
	check(t, os.Chown(path, 12345, 0))
	if _, _, err := own.ReadFile(path, limit); err == nil {
		t.Error("somebody else's file in a sticky directory is trusted")
	}
}
