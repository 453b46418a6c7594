package main

import (
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// The colours of a terminal (ECMA-48, SGR) for what a policy tool says.
const (
	red    = "\x1b[31m"
	green  = "\x1b[32m"
	yellow = "\x1b[33m"
	faint  = "\x1b[2m"
	bold   = "\x1b[1m"
	plain  = "\x1b[0m"
)

// coloured reports whether people look at the file, on a terminal that has colours.
func coloured(f *os.File) bool {
	if os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" || os.Getenv("TERM") == "" {
		return false
	}
	_, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	return err == nil
}

// paint gives each line of a text a colour, where there are any.
func (c *ctl) paint(colour, text string) string {
	if !c.colour || text == "" {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		line, end := strings.CutSuffix(line, "\n")
		b.WriteString(colour + line + plain)
		if end {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func (c *ctl) good(text string) string    { return c.paint(green, text) }
func (c *ctl) bad(text string) string     { return c.paint(red, text) }
func (c *ctl) finding(text string) string { return c.paint(yellow, text) }
func (c *ctl) comment(text string) string { return c.paint(faint, text) }
func (c *ctl) place(text string) string   { return c.paint(bold, text) }
