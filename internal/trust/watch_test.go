package trust

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A watch is quiet until something happens to what is watched, and after that is
// quiet again, unless a directory is no longer the one that was watched.
func TestWatch(t *testing.T) {
	for what, test := range map[string]struct {
		change func(dir string) error
		ends   bool
	}{
		"a file is written in place": {func(dir string) error { return put(dir+"/policy", "b") }, false},
		"a file is replaced": {func(dir string) error {
			return firstError(put(dir+"/new", "b"), os.Rename(dir+"/new", dir+"/policy"))
		}, false},
		"a file is removed":                  {func(dir string) error { return os.Remove(dir + "/policy") }, false},
		"a mode changes":                     {func(dir string) error { return os.Chmod(dir+"/policy", 0o640) }, false},
		"a file comes":                       {func(dir string) error { return put(dir+"/more", "") }, false},
		"a file beside the directory":        {func(dir string) error { return put(dir+"/../beside", "") }, false},
		"another directory beside it":        {func(dir string) error { return os.Mkdir(dir+"/../beside", 0o700) }, false},
		"the directory that was missing":     {func(dir string) error { return os.Mkdir(dir+"/missing", 0o700) }, true},
		"the directory is exchanged":         {exchange, true},
		"the one that it is in is exchanged": {func(dir string) error { return exchange(filepath.Dir(dir)) }, true},
	} {
		t.Run(what, func(t *testing.T) {
			dir, err := filepath.EvalSymlinks(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			dir += "/upper/lower"
			if err := firstError(os.MkdirAll(dir, 0o700), put(dir+"/policy", "a")); err != nil {
				t.Fatal(err)
			}
			w := NewWatch(dir, dir+"/missing")
			if w.fd == 0 {
				t.Fatal("no inotify here")
			}
			defer w.close()
			settle(t, w)
			if err := test.change(dir); err != nil {
				t.Fatal(err)
			}
			if w.Quiet() {
				t.Error("it was not noticed")
			}
			if (w.fd == 0) != test.ends {
				t.Errorf("the watch has ended: %v, want %v", w.fd == 0, test.ends)
			}
			if !test.ends {
				settle(t, w)
			}
		})
	}
}

func put(path, text string) error { return os.WriteFile(path, []byte(text), 0o600) }

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func exchange(dir string) error {
	return firstError(os.Rename(dir, dir+".old"), os.Mkdir(dir, 0o700))
}

// settle waits until the watch is quiet: others may be at work in the folders above.
func settle(t *testing.T, w *Watch) {
	t.Helper()
	for range 100 {
		if w.Quiet() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Error("the watch is not quiet")
}

// What cannot be watched is never quiet, and neither is the zero value.
func TestNoWatch(t *testing.T) {
	for what, w := range map[string]*Watch{
		"the zero value": new(Watch), "a file": NewWatch("/proc/self/status"),
	} {
		if w.Quiet() {
			t.Errorf("%s is quiet", what)
		}
	}
}

// A watch that has ended, or never began, has no descriptor to close.
func TestWatchEnds(t *testing.T) {
	before := descriptors(t)
	w := NewWatch(t.TempDir())
	for range 2 {
		w.close()
	}
	new(Watch).close()
	if after := descriptors(t); after != before {
		t.Errorf("open descriptors: %d, want %d", after, before)
	}
}
