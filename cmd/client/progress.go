package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// progressAfter is how long requests take before their number is shown.
	progressAfter = time.Second
	// progressEvery is how often it is shown.
	progressEvery = 100 * time.Millisecond
)

// progress is a line that tells how many requests are done.
type progress struct {
	w       io.Writer // nil where nothing is to be shown
	start   time.Time
	last    time.Time
	count   int
	visible bool
}

// newProgress shows progress if standard error is a terminal that nothing else is
// written to.
func (c *ctl) newProgress() progress {
	p := progress{start: time.Now()}
	if isTerminal(os.Stderr) && !c.trace && c.audit != "-" {
		p.w = c.stderr
	}
	return p
}

// done counts a request.
func (p *progress) done() {
	p.count++
	now := time.Now()
	if p.w == nil || now.Sub(p.start) < progressAfter || now.Sub(p.last) < progressEvery {
		return
	}
	fmt.Fprintf(p.w, "\r%d requests done\x1b[K", p.count)
	p.last, p.visible = now, true
}

// clear takes the line away, before something else is printed.
func (p *progress) clear() {
	if p.visible {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.visible = false
	}
}

// A clearing writer takes the progress line away before it writes.
type clearing struct {
	p *progress
	w io.Writer
}

func (c clearing) Write(b []byte) (int, error) {
	c.p.clear()
	return c.w.Write(b)
}

func isTerminal(f *os.File) bool {
	conn, err := f.SyscallConn()
	if err != nil {
		return false
	}
	terminal := false
	err = conn.Control(func(fd uintptr) {
		_, err := unix.IoctlGetTermios(int(fd), unix.TCGETS)
		terminal = err == nil
	})
	return err == nil && terminal
}
