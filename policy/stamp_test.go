package policy

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"nethelper/internal/trust"
)

// settled opens the policy when it has been left alone for long enough.
func settled(t *testing.T, file, dir string, owners trust.Owners) Stamp {
	t.Helper()
	time.Sleep(tick)
	_, stamp, err := Open(file, dir, owners)
	check(t, err)
	if stamp.Changed() {
		t.Fatal("changed before anything did")
	}
	return stamp
}

func TestStamp(t *testing.T) {
	changes := map[string]func(t *testing.T, file, dir string){
		"written":          func(t *testing.T, file, _ string) { write(t, file, "# longer\n") },
		"other mode":       func(t *testing.T, file, _ string) { check(t, os.Chmod(file, 0o600)) },
		"removed":          func(t *testing.T, file, _ string) { check(t, os.Remove(file)) },
		"drop-in written":  func(t *testing.T, _, dir string) { write(t, filepath.Join(dir, "a.policy"), "# longer\n") },
		"drop-in added":    func(t *testing.T, _, dir string) { write(t, filepath.Join(dir, "b.policy"), "# b\n") },
		"drop-in removed":  func(t *testing.T, _, dir string) { check(t, os.Remove(filepath.Join(dir, "a.policy"))) },
		"directory opened": func(t *testing.T, _, dir string) { check(t, os.Chmod(dir, 0o777)) },
		"directory gone":   func(t *testing.T, _, dir string) { check(t, os.RemoveAll(dir)) },
		"replaced": func(t *testing.T, file, _ string) {
			write(t, file+".new", "# policy\n")
			check(t, os.Rename(file+".new", file))
		},
		"directory replaced": func(t *testing.T, _, dir string) {
			check(t, os.Rename(dir, dir+".old"))
			check(t, os.Mkdir(dir, 0o755))
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			file, dir, owners := tree(t)
			write(t, filepath.Join(dir, "a.policy"), "# a\n")
			stamp := settled(t, file, dir, owners)
			change(t, file, dir)
			if !stamp.Changed() {
				t.Error("not changed")
			}
		})
	}
}

// A directory of drop-ins that comes to be is a change.
func TestStampDirectoryAppears(t *testing.T) {
	file, dir, owners := tree(t)
	check(t, os.Remove(dir))
	stamp := settled(t, file, dir, owners)
	check(t, os.Mkdir(dir, 0o755))
	if !stamp.Changed() {
		t.Error("not changed")
	}
}

// What changed a moment ago may change again within the same tick of the
// kernel's clock, so it counts as changed until the tick is over.
func TestStampOfRecentChange(t *testing.T) {
	file, _, owners := tree(t)
	settled(t, file, "", owners)
	files := []stamped{{file, trust.StateOf(file)}}
	changed := time.Unix(0, files[0].state.Ctime)
	for age, want := range map[time.Duration]bool{
		0:                true,
		tick - 1:         true,
		tick:             false,
		time.Second:      false,
		-time.Second:     true,  // it was changed after the reading began
		-2 * time.Minute: false, // the clock was set back, and tells nothing
	} {
		if got := stampOf(files, changed.Add(age)).Changed(); got != want {
			t.Errorf("%v after the change: changed is %t", age, got)
		}
	}
}

func TestZeroStamp(t *testing.T) {
	if !(Stamp{}).Changed() {
		t.Error("the zero stamp has not changed")
	}
}
