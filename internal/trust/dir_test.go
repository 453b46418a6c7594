package trust

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestPathForm(t *testing.T) {
	_, owners := place(t)
	for _, path := range []string{"", ".", "policy", "./policy", "../etc/passwd", "/etc/../etc/passwd", "/etc//passwd", "/etc/./passwd", "/etc/passwd/", "/", "/etc/pass\x00wd"} {
		if _, _, err := owners.ReadFile(path, limit); err == nil {
			t.Errorf("read %q", path)
		}
		if fd, err := owners.Append(path); err == nil {
			t.Errorf("opened %q", path)
			check(t, unix.Close(fd))
		}
	}
	for _, path := range []string{"", ".", "etc", "/etc/..", "/etc/", "//"} {
		if d, err := owners.Dir(path); err == nil {
			t.Errorf("opened %q", path)
			check(t, d.Close())
		}
	}
}

// A name that is read within a directory leads nowhere else.
func TestNameForm(t *testing.T) {
	dir, owners := place(t)
	check(t, os.Mkdir(filepath.Join(dir, "sub"), 0o755))
	write(t, filepath.Join(dir, "policy"), "a line\n")
	d, err := owners.Dir(filepath.Join(dir, "sub"))
	check(t, err)
	defer d.Close()
	for _, name := range []string{"", ".", "..", "../policy", "/etc/passwd", "a/b"} {
		if _, _, err := d.ReadFile(name, limit); err == nil || !strings.HasSuffix(err.Error(), ": want the name of a file") {
			t.Errorf("%q: error %v", name, err)
		}
	}
}

func TestParentMode(t *testing.T) {
	tests := []struct {
		mode fs.FileMode
		want string
	}{
		{0o775, "DIR: writable by group: chmod g-w DIR"},
		{0o757, "DIR: writable by others: chmod o-w DIR"},
		{0o777, "DIR: writable by group and others: chmod go-w DIR"},
	}
	for _, test := range tests {
		dir, owners := place(t)
		parent := filepath.Join(dir, "a")
		check(t, os.MkdirAll(filepath.Join(parent, "b"), 0o755))
		path := filepath.Join(parent, "b", "policy")
		write(t, path, "a line\n")
		check(t, os.Chmod(parent, test.mode))
		want := strings.ReplaceAll(test.want, "DIR", parent)
		if _, _, err := owners.ReadFile(path, limit); err == nil || err.Error() != want {
			t.Errorf("read: error %v, want %s", err, want)
		}
		if _, err := owners.Dir(parent); err == nil || err.Error() != want {
			t.Errorf("directory: error %v, want %s", err, want)
		}
		if _, err := owners.Append(filepath.Join(parent, "log")); err == nil || err.Error() != want {
			t.Errorf("append: error %v, want %s", err, want)
		}
	}
}

func TestSymbolicLinkParent(t *testing.T) {
	dir, owners := place(t)
	check(t, os.Mkdir(filepath.Join(dir, "real"), 0o755))
	write(t, filepath.Join(dir, "real", "policy"), "a line\n")
	link := filepath.Join(dir, "link")
	check(t, os.Symlink("real", link))
	_, _, err := owners.ReadFile(filepath.Join(link, "policy"), limit)
	if want := link + ": a symbolic link, want a directory"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestNames(t *testing.T) {
	dir, owners := place(t)
	var want []string
	for i := range 300 {
		want = append(want, "file-with-a-long-name-"+strconv.Itoa(i))
		write(t, filepath.Join(dir, want[i]), "")
	}
	d, err := owners.Dir(dir)
	check(t, err)
	defer d.Close()
	got, err := d.Names(300)
	check(t, err)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %d names, want %d", len(got), len(want))
	}
	if _, err := d.Names(299); err == nil || err.Error() != dir+": more than 299 entries" {
		t.Errorf("above the maximum: error %v", err)
	}
}

// A directory stays the one that was judged, whatever its name comes to mean.
func TestDirStays(t *testing.T) {
	dir, owners := place(t)
	path := filepath.Join(dir, "policy.d")
	check(t, os.Mkdir(path, 0o755))
	write(t, filepath.Join(path, "a"), "before\n")
	d, err := owners.Dir(path)
	check(t, err)
	defer d.Close()
	check(t, os.Rename(path, path+".old"))
	check(t, os.Mkdir(path, 0o755))
	write(t, filepath.Join(path, "a"), "after\n")
	text, _, err := d.ReadFile("a", limit)
	check(t, err)
	if string(text) != "before\n" {
		t.Errorf("read %q", text)
	}
}

func TestNotExist(t *testing.T) {
	dir, owners := place(t)
	if _, err := owners.Dir(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v does not say that nothing is there", err)
	}
}
