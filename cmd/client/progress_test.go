package main

import (
	"os"
	"strings"
	"testing"
	"time"
)

func TestProgressIsShownWhenItTakesLong(t *testing.T) {
	var b strings.Builder
	p := progress{w: &b, start: time.Now()}
	p.done()
	if b.String() != "" {
		t.Errorf("%q is shown at once", b.String())
	}
	p.start = time.Now().Add(-2 * progressAfter)
	p.done()
	p.done()
	if want := "\r2 requests done\x1b[K"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}

	// What is printed takes its place.
	b.Reset()
	w := clearing{&p, &b}
	w.Write([]byte("output\n"))
	w.Write([]byte("more\n"))
	if want := "\r\x1b[Koutput\nmore\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

func TestNoProgressWhereNobodyLooks(t *testing.T) {
	p := progress{start: time.Now().Add(-time.Hour)}
	p.done() // has nowhere to write
	if p.visible {
		t.Error("it is shown")
	}
	f, err := os.Create(t.TempDir() + "/file")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if isTerminal(f) {
		t.Error("a file is taken for a terminal")
	}
}
