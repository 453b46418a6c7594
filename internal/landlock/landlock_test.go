package landlock

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/landlock-lsm/go-landlock/landlock/syscall"
)

// confined names the folder that a second execution of the test may read.
const confined = "LANDLOCK_TEST_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(confined); dir != "" {
		if err := inside(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// inside is what a confined process can and cannot do.
func inside(dir string) error {
	open, err := os.OpenFile(filepath.Join(dir, "log"), os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	version, err := Restrict(dir, filepath.Join(dir, "absent"))
	if err != nil || version == 0 {
		return fmt.Errorf("version %d, %w", version, err)
	}
	if _, err := os.ReadFile(filepath.Join(dir, "policy")); err != nil {
		return fmt.Errorf("a file in the directory: %w", err)
	}
	if _, err := os.ReadDir(dir); err != nil {
		return fmt.Errorf("the directory: %w", err)
	}
	if _, err := open.WriteString("record\n"); err != nil {
		return fmt.Errorf("what is open: %w", err)
	}
	for what, err := range map[string]error{
		"reading elsewhere": second(os.ReadFile("/etc/hostname")),
		"writing there":     os.WriteFile(filepath.Join(dir, "policy"), nil, 0o600),
		"making a file":     os.WriteFile(filepath.Join(dir, "new"), nil, 0o600),
		"removing a file":   os.Remove(filepath.Join(dir, "policy")),
		"running a program": exec.Command("/bin/true").Run(),
	} {
		if !errors.Is(err, fs.ErrPermission) {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	return nil
}

func second(_ []byte, err error) error { return err }

func TestRestrict(t *testing.T) {
	if _, err := syscall.LandlockGetABIVersion(); err != nil {
		t.Skip("skip: no Landlock here:", err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "policy"), []byte("# nothing\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), confined+"="+dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
