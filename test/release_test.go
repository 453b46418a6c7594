package test

import (
	"debug/buildinfo"
	"debug/elf"
	"os"
	"path/filepath"
	"testing"
)

// TestRelease checks that the programs are static, without cgo, and not
// instrumented: a set-id program that is built for coverage writes files where
// its caller says.
func TestRelease(t *testing.T) {
	for _, name := range []string{"nethelper", "nethelperctl"} {
		path := filepath.Join(os.Getenv(binEnv), name)
		file, err := elf.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		for _, p := range file.Progs {
			if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
				t.Errorf("%s is not static: it has a segment %v", name, p.Type)
			}
		}
		info, err := buildinfo.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		settings := make(map[string]string)
		for _, s := range info.Settings {
			settings[s.Key] = s.Value
		}
		for key, want := range map[string]string{"CGO_ENABLED": "0", "-race": "", "-cover": "", "-msan": "", "-asan": "", "-trimpath": "true"} {
			if settings[key] != want {
				t.Errorf("%s is built with %s=%q, want %q", name, key, settings[key], want)
			}
		}
	}
}
