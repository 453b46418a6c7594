package client

import (
	"bytes"
	"io"
	"strings"
	"sync"
	"unicode"
)

// lineMax bounds the part of a line of standard error that is kept.
const lineMax = 512

// A serialWriter makes one write at a time: a helper may still write when the next
// one was started.
type serialWriter struct {
	mu sync.Mutex
	w  io.Writer
}

func (s *serialWriter) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.w.Write(p)
}

// A tail is a writer that remembers the last line. It passes everything on to
// next, whose errors are none of the helper's business.
type tail struct {
	next io.Writer

	mu   sync.Mutex
	last []byte
	open bool // last has no end of line yet
}

func (t *tail) Write(p []byte) (int, error) {
	if t.next != nil {
		t.next.Write(p)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for line := range bytes.Lines(p) {
		text, ended := bytes.CutSuffix(line, []byte("\n"))
		if !t.open && len(bytes.TrimSpace(text)) > 0 {
			t.last, t.open = t.last[:0], true
		}
		if t.open {
			t.last = append(t.last, text[:min(len(text), lineMax-len(t.last))]...)
		}
		t.open = t.open && !ended
	}
	return len(p), nil
}

// line returns the last line that is not blank, fit to be printed.
func (t *tail) line() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, strings.TrimSpace(strings.ToValidUTF8(string(t.last), "\uFFFD")))
}
