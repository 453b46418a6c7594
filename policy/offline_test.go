package policy

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

// What is checked and explained is the text that would be enforced.
func TestReadUntrusted(t *testing.T) {
	file, dir, owners := tree(t)
	for _, name := range []string{"b.policy", "a.policy", ".c.policy", "d.policy.dpkg-old"} {
		write(t, filepath.Join(dir, name), "# "+name+"\n")
	}
	for _, dir := range []string{dir, ""} {
		want, _, err := Open(file, dir, owners)
		check(t, err)
		check(t, os.Chmod(file, 0o666))
		got, err := ReadUntrusted(file, dir)
		check(t, err)
		check(t, os.Chmod(file, 0o644))
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %q, want %q", dir, got, want)
		}
	}
}

func TestReadUntrustedRefuses(t *testing.T) {
	file, dir, _ := tree(t)
	if _, err := ReadUntrusted(file+"2", ""); err == nil {
		t.Error("read a file that is not there")
	}
	if _, err := ReadUntrusted(file, dir+"2"); err == nil {
		t.Error("read a directory that is not there")
	}
	write(t, filepath.Join(dir, "my.lxc.policy"), "# a\n")
	if _, err := ReadUntrusted(file, dir); err == nil {
		t.Error("read a misnamed drop-in")
	}
	sources, err := ReadUntrusted("/dev/zero", "")
	check(t, err)
	if _, err := Parse(sources, schema, accounts); err == nil || err.Error() != "zero:1:1: more than 262144 bytes" {
		t.Errorf("endless file: error %v", err)
	}
}

func TestParsePrincipal(t *testing.T) {
	for text, want := range map[string]Principal{
		"user:lab":  {UID: 1000, GIDs: []uint32{1000, 200}},
		"uid:1000":  {UID: 1000},
		"group:lxc": {UID: noID, GIDs: []uint32{200}},
		"gid:7":     {UID: noID, GIDs: []uint32{7}},
	} {
		if got, err := ParsePrincipal(text, accounts); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v and error %v, want %v", text, got, err, want)
		}
	}
	if p, err := ParsePrincipal("user:nobody", accounts); err == nil {
		t.Errorf("user:nobody: got %v", p)
	}
}
