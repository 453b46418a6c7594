package policy

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nethelper/internal/trust"
)

// tree makes a policy and a directory of drop-ins, which are trusted.
func tree(t *testing.T) (file, dir string, owners trust.Owners) {
	t.Helper()
	base, err := filepath.EvalSymlinks(t.TempDir())
	check(t, err)
	file, dir = filepath.Join(base, "policy"), filepath.Join(base, "policy.d")
	check(t, os.Mkdir(dir, 0o755))
	write(t, file, "# policy\n")
	return file, dir, trust.Own(uint32(os.Geteuid()), true)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	check(t, os.WriteFile(path, []byte(text), 0o644))
	check(t, os.Chmod(path, 0o644))
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestOpen(t *testing.T) {
	file, dir, owners := tree(t)
	for _, name := range []string{"b.policy", "a.policy", "A_1-2.policy", "9.policy", "10.policy"} {
		write(t, filepath.Join(dir, name), "# "+name+"\n")
	}
	for _, name := range []string{".policy", ".a.policy", "a.policy.dpkg-old", "a.policy~", "README", "a.policy.d", "policy"} {
		write(t, filepath.Join(dir, name), "nonsense")
	}
	check(t, os.Symlink("nowhere", filepath.Join(dir, ".#a.policy"))) // an editor's lock
	sources, _, err := Open(file, dir, owners)
	check(t, err)
	var got []string
	for _, s := range sources {
		got = append(got, s.Name+" "+string(s.Text))
	}
	want := []string{"policy # policy\n"}
	for _, name := range []string{"10.policy", "9.policy", "A_1-2.policy", "a.policy", "b.policy"} {
		want = append(want, "policy.d/"+name+" # "+name+"\n")
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestOpenWithoutDropIns(t *testing.T) {
	file, dir, owners := tree(t)
	write(t, filepath.Join(dir, "a.policy"), "# a\n")
	for _, dir := range []string{"", dir + "-none"} {
		sources, _, err := Open(file, dir, owners)
		check(t, err)
		if len(sources) != 1 {
			t.Errorf("%q: %d sources", dir, len(sources))
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(t *testing.T, file, dir string)
		want  string
	}{
		{"no policy", func(t *testing.T, file, _ string) { check(t, os.Remove(file)) },
			"FILE: no such file or directory"},
		{"policy too large", func(t *testing.T, file, _ string) { check(t, os.Truncate(file, maxFile+1)) },
			"FILE: 262145 bytes, the limit is 262144"},
		{"policy of others", func(t *testing.T, file, _ string) { check(t, os.Chmod(file, 0o664)) },
			"FILE: writable by group: chmod g-w FILE"},
		{"drop-in of others", func(t *testing.T, _, dir string) {
			write(t, filepath.Join(dir, "a.policy"), "# a\n")
			check(t, os.Chmod(filepath.Join(dir, "a.policy"), 0o646))
		}, "DIR/a.policy: writable by others: chmod o-w DIR/a.policy"},
		{"drop-in elsewhere", func(t *testing.T, file, dir string) {
			check(t, os.Symlink(file, filepath.Join(dir, "a.policy")))
		}, "DIR/a.policy: a symbolic link, want a regular file"},
		{"directory of others", func(t *testing.T, _, dir string) { check(t, os.Chmod(dir, 0o777)) },
			"DIR: writable by group and others: chmod go-w DIR"},
		{"sticky directory", func(t *testing.T, _, dir string) { check(t, os.Chmod(dir, 0o777|os.ModeSticky)) },
			"DIR: writable by group and others: chmod go-w DIR"},
		{"directory elsewhere", func(t *testing.T, _, dir string) {
			check(t, os.Rename(dir, dir+"2"))
			check(t, os.Symlink(dir+"2", dir))
		}, "DIR: a symbolic link, want a directory"},
		{"no directory", func(t *testing.T, _, dir string) {
			check(t, os.Remove(dir))
			write(t, dir, "# a\n")
		}, "DIR: a regular file, want a directory"},
		{"misnamed drop-in", func(t *testing.T, _, dir string) { write(t, filepath.Join(dir, "my.lxc.policy"), "# a\n") },
			`DIR: "my.lxc.policy": want a name of letters, digits, _ and - before .policy`},
		{"control character in a name", func(t *testing.T, _, dir string) { write(t, filepath.Join(dir, "a\x1b[2J.policy"), "# a\n") },
			`DIR: "a\x1b[2J.policy": want a name of letters, digits, _ and - before .policy`},
		{"too many drop-ins", func(t *testing.T, _, dir string) {
			for i := range maxDropIns + 1 {
				write(t, filepath.Join(dir, strconv.Itoa(i)+".policy"), "# a\n")
			}
		}, "DIR: 65 files, the limit is 64"},
		{"too many entries", func(t *testing.T, _, dir string) {
			for i := range maxEntries + 1 {
				write(t, filepath.Join(dir, strconv.Itoa(i)), "")
			}
		}, "DIR: more than 1024 entries"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file, dir, owners := tree(t)
			test.spoil(t, file, dir)
			sources, stamp, err := Open(file, dir, owners)
			want := strings.NewReplacer("FILE", file, "DIR", dir).Replace(test.want)
			if err == nil || err.Error() != want || sources != nil {
				t.Errorf("%d sources and error %v, want %s", len(sources), err, want)
			}
			if !stamp.Changed() {
				t.Error("the stamp of what could not be read has not changed")
			}
		})
	}
}

// Whoever reads while files come and go gets whole files, or is told that they
// changed.
func TestOpenWhileChanging(t *testing.T) {
	file, dir, owners := tree(t)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		next := filepath.Join(filepath.Dir(dir), "next")
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
			}
			name := filepath.Join(dir, strconv.Itoa(n%4)+".policy")
			var err error
			if n%12 < 8 { // made, then replaced, then removed
				err = errors.Join(os.WriteFile(next, []byte("# whole\n"), 0o644), os.Rename(next, name))
			} else {
				err = os.Remove(name)
			}
			if err != nil {
				t.Error(err)
			}
		}
	}()
	read := 0
	for range 2000 {
		sources, _, err := Open(file, dir, owners)
		if err != nil && !errors.Is(err, trust.ErrChanged) {
			t.Error(err)
			break
		}
		for _, s := range sources {
			if text := string(s.Text); text != "# whole\n" && text != "# policy\n" {
				t.Errorf("%s: read %q", s.Name, text)
			}
		}
		read += len(sources)
	}
	if read == 0 {
		t.Error("nothing was ever read")
	}
	close(stop)
	<-stopped
}
