package trust

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

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
