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

func TestReadFile(t *testing.T) {
	dir, owners := place(t)
	path := filepath.Join(dir, "policy")
	write(t, path, "a line\n")
	text, state, err := owners.ReadFile(path, limit)
	check(t, err)
	if string(text) != "a line\n" {
		t.Errorf("read %q", text)
	}
	if state != StateOf(path) || state == (State{}) {
		t.Errorf("state %+v as read, %+v now", state, StateOf(path))
	}
}

func TestReadFileRefuses(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(t *testing.T, path string)
		want  string // with PATH for the path
	}{
		{"no file", func(t *testing.T, path string) { check(t, os.Remove(path)) },
			"PATH: no such file or directory"},
		{"writable by group", func(t *testing.T, path string) { check(t, os.Chmod(path, 0o664)) },
			"PATH: writable by group: chmod g-w PATH"},
		{"writable by others", func(t *testing.T, path string) { check(t, os.Chmod(path, 0o646)) },
			"PATH: writable by others: chmod o-w PATH"},
		{"writable by all", func(t *testing.T, path string) { check(t, os.Chmod(path, 0o666)) },
			"PATH: writable by group and others: chmod go-w PATH"},
		{"hard link", func(t *testing.T, path string) { check(t, os.Link(path, path+"2")) },
			"PATH: has 2 hard links, want one: put a copy in its place"},
		{"directory", func(t *testing.T, path string) { check(t, os.Remove(path)); check(t, os.Mkdir(path, 0o755)) },
			"PATH: a directory, want a regular file"},
		{"symbolic link", func(t *testing.T, path string) {
			check(t, os.Rename(path, path+"2"))
			check(t, os.Symlink(path+"2", path))
		},
			"PATH: a symbolic link, want a regular file"},
		{"symbolic link to nothing", func(t *testing.T, path string) { check(t, os.Remove(path)); check(t, os.Symlink("nothing", path)) },
			"PATH: a symbolic link, want a regular file"},
		{"FIFO", func(t *testing.T, path string) { check(t, os.Remove(path)); check(t, unix.Mkfifo(path, 0o644)) },
			"PATH: a FIFO, want a regular file"},
		{"socket", func(t *testing.T, path string) { check(t, os.Remove(path)); listen(t, path) },
			"PATH: a FIFO, socket or device, want a regular file"},
		{"sparse", func(t *testing.T, path string) { check(t, os.Truncate(path, 10<<30)) },
			"PATH: 10737418240 bytes, the limit is 262144"},
		{"one byte too long", func(t *testing.T, path string) { check(t, os.Truncate(path, limit+1)) },
			"PATH: 262145 bytes, the limit is 262144"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir, owners := place(t)
			path := filepath.Join(dir, "policy")
			write(t, path, "a line\n")
			test.spoil(t, path)
			text, _, err := owners.ReadFile(path, limit)
			if want := strings.ReplaceAll(test.want, "PATH", path); err == nil || err.Error() != want {
				t.Errorf("got %q and error %v, want error %s", text, err, want)
			}
		})
	}
}

func listen(t *testing.T, path string) {
	t.Helper()
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	check(t, err)
	t.Cleanup(func() { check(t, unix.Close(fd)) })
	check(t, unix.Bind(fd, &unix.SockaddrUnix{Name: path}))
}

func TestReadFileAtLimit(t *testing.T) {
	dir, owners := place(t)
	path := filepath.Join(dir, "policy")
	write(t, path, strings.Repeat("x", limit))
	text, _, err := owners.ReadFile(path, limit)
	check(t, err)
	if len(text) != limit {
		t.Errorf("read %d bytes, want %d", len(text), limit)
	}
}

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

func TestDevice(t *testing.T) {
	_, owners := place(t)
	_, _, err := owners.ReadFile("/dev/null", limit)
	if want := "/dev/null: a device, want a regular file"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// A file of the kernel's, whose length says nothing of its content, is no file
// that can be read and known to be whole.
func TestProcFile(t *testing.T) {
	_, owners := place(t)
	path := filepath.Join("/proc", strconv.Itoa(os.Getpid()), "status")
	_, _, err := owners.ReadFile(path, limit)
	if want := path + ": changed while it was read: try again"; err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

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

func TestChangedWhileRead(t *testing.T) {
	changes := map[string]func(t *testing.T, path string){
		"longer":    func(t *testing.T, path string) { write(t, path, "a line\nand another\n") },
		"shorter":   func(t *testing.T, path string) { write(t, path, "a\n") },
		"truncated": func(t *testing.T, path string) { check(t, os.Truncate(path, 0)) },
		"mode":      func(t *testing.T, path string) { check(t, os.Chmod(path, 0o600)) },
		"linked":    func(t *testing.T, path string) { check(t, os.Link(path, path+"2")) },
		"removed":   func(t *testing.T, path string) { check(t, os.Remove(path)) },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			dir, owners := place(t)
			path := filepath.Join(dir, "policy")
			write(t, path, "a line\n")
			d, err := owners.Dir(dir)
			check(t, err)
			defer d.Close()
			fd, st, err := d.open("policy", unix.O_RDONLY, 0)
			check(t, err)
			defer unix.Close(fd)
			change(t, path)
			text, err := read(fd, path, st, limit)
			if want := path + ": changed while it was read: try again"; err == nil || err.Error() != want {
				t.Errorf("got %q and error %v, want error %s", text, err, want)
			}
		})
	}
}

// A file that was replaced after it was opened has no name any more.
func TestReplacedWhileOpened(t *testing.T) {
	dir, owners := place(t)
	path := filepath.Join(dir, "policy")
	write(t, path, "a line\n")
	fd, err := open(unix.AT_FDCWD, path, unix.O_RDONLY, 0)
	check(t, err)
	defer unix.Close(fd)
	write(t, path+"2", "another\n")
	check(t, os.Rename(path+"2", path))
	st, err := stat(fd, path)
	check(t, err)
	if err := owners.checkFile(path, st); !errors.Is(err, ErrChanged) {
		t.Errorf("error %v does not say that the file has changed", err)
	}
}

func TestStateOf(t *testing.T) {
	dir, _ := place(t)
	path := filepath.Join(dir, "policy")
	if StateOf(path) != (State{}) {
		t.Error("what is not there has a state")
	}
	states := map[State]string{}
	step := func(what string) {
		t.Helper()
		s := StateOf(path)
		if before, seen := states[s]; seen {
			t.Errorf("%s: the state is that of %s", what, before)
		}
		states[s] = what
	}
	write(t, path, "1")
	step("a file")
	write(t, path, "22")
	step("a longer file")
	check(t, os.Chmod(path, 0o600))
	step("another mode")
	write(t, path+"2", "22")
	check(t, os.Rename(path+"2", path))
	step("another file")
	check(t, os.Remove(path))
	check(t, os.Symlink(path+"3", path))
	step("a symbolic link")
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

func TestAppend(t *testing.T) {
	dir, owners := place(t)
	path := filepath.Join(dir, "audit.log")
	defer unix.Umask(unix.Umask(0o077))
	for _, line := range []string{"first\n", "second\n"} {
		fd, err := owners.Append(path)
		check(t, err)
		_, err = unix.Write(fd, []byte(line))
		check(t, err)
		check(t, unix.Close(fd))
	}
	text, err := os.ReadFile(path)
	check(t, err)
	if string(text) != "first\nsecond\n" {
		t.Errorf("the file holds %q", text)
	}
	info, err := os.Stat(path)
	check(t, err)
	if info.Mode() != 0o640 {
		t.Errorf("mode %v, want 0640", info.Mode())
	}
}

func TestAppendRefuses(t *testing.T) {
	tests := []struct {
		name string
		make func(t *testing.T, path string)
		want string
	}{
		{"symbolic link", func(t *testing.T, path string) { check(t, os.Symlink(path+"2", path)) },
			"PATH: a symbolic link, want a regular file"},
		{"FIFO", func(t *testing.T, path string) { check(t, unix.Mkfifo(path, 0o644)) },
			"PATH: a FIFO, socket or device, want a regular file"},
		{"directory", func(t *testing.T, path string) { check(t, os.Mkdir(path, 0o755)) },
			"PATH: is a directory"},
		{"writable by others", func(t *testing.T, path string) { write(t, path, ""); check(t, os.Chmod(path, 0o642)) },
			"PATH: writable by others: chmod o-w PATH"},
		{"hard link", func(t *testing.T, path string) { write(t, path, ""); check(t, os.Link(path, path+"2")) },
			"PATH: has 2 hard links, want one: put a copy in its place"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir, owners := place(t)
			path := filepath.Join(dir, "audit.log")
			test.make(t, path)
			fd, err := owners.Append(path)
			if want := strings.ReplaceAll(test.want, "PATH", path); err == nil || err.Error() != want {
				t.Errorf("descriptor %d and error %v, want error %s", fd, err, want)
			}
			if _, err := os.Lstat(path + "2"); test.name == "symbolic link" && !errors.Is(err, fs.ErrNotExist) {
				t.Error("the link was followed and its target made")
			}
		})
	}
}

func TestNotExist(t *testing.T) {
	dir, owners := place(t)
	if _, err := owners.Dir(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v does not say that nothing is there", err)
	}
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
