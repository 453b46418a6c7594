package trust

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

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
