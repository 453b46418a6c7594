package main

import (
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"nethelper/pkg/client"
	"nethelper/pkg/protocol"
)

func TestFlagsStandAnywhere(t *testing.T) {
	for _, c := range []struct {
		args  string
		words []string
		json  bool
	}{
		{"link.list", []string{"link.list"}, false},
		{"--json link.list dev=a", []string{"link.list", "dev=a"}, true},
		{"link.list --json dev=a", []string{"link.list", "dev=a"}, true},
		{"link.list dev=a -json", []string{"link.list", "dev=a"}, true},
		{"link.list -- --json", []string{"link.list", "--json"}, false},
		{"- --json", []string{"-"}, true},
		{"", nil, false},
	} {
		var o options
		words, err := o.parse(strings.Fields(c.args))
		if err != nil || !slices.Equal(words, c.words) || o.json != c.json {
			t.Errorf("%q: %q, %v, %v", c.args, words, o.json, err)
		}
	}
}

// The usage text and the flags know each other.
func TestUsageNamesEveryFlag(t *testing.T) {
	var o options
	o.flags().VisitAll(func(f *flag.Flag) {
		if !strings.Contains(usage, " "+spellFlag(f.Name)+" ") {
			t.Errorf("%s is not in the usage text", spellFlag(f.Name))
		}
	})
	for _, cmd := range commands() {
		if !strings.Contains(usage, " "+cmd.name+" ") && !strings.Contains(usage, " "+cmd.name+"\n") {
			t.Errorf("%s is not in the usage text", cmd.name)
		}
	}
	for line := range strings.Lines(usage) {
		if len(line) > 100 {
			t.Errorf("%d characters are more than a line has: %s", len(line), line)
		}
	}
}

func TestExitCodes(t *testing.T) {
	unavailable := &client.UnavailableError{Hello: protocol.Hello{Error: &protocol.Error{Code: protocol.Unavailable}}}
	for _, c := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("something"), 1},
		{&protocol.Error{Code: protocol.Exists, Errno: uint32(syscall.EEXIST)}, 1},
		{&protocol.Error{Code: protocol.Unknown}, 1},
		{usageErrorf("wrong"), 2},
		{&usageError{}, 2},
		{&protocol.Error{Code: protocol.Denied}, 3},
		{&protocol.Error{Code: protocol.Unrecorded}, 4},
		{&protocol.Error{Code: protocol.Policy}, 4},
		{unavailable, 4},
		{&client.HelperError{Err: os.ErrNotExist}, 4},
		{&client.HelperError{Err: &protocol.Error{Code: protocol.Malformed}}, 4},
		{reported{&protocol.Error{Code: protocol.Denied}}, 3},
	} {
		if got := exitOf(c.err); got != c.want {
			t.Errorf("%v: %d, want %d", c.err, got, c.want)
		}
	}
}

func TestErrorsAreFitForATerminal(t *testing.T) {
	got := explain(&protocol.Error{Code: protocol.Kernel, Message: "a\x1b[2J\nb"})
	if want := `kernel: a\x1b[2J\x0ab`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLines(t *testing.T) {
	text := "# a comment\n\n  addr.list dev=a # another\r\nlink.add alias=a#b\n\t\nlast"
	var got []string
	for l, err := range lines(strings.NewReader(text)) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.Join(l.words, "|"))
	}
	if want := []string{"addr.list|dev=a", "link.add|alias=a#b", "last"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTooLongALine(t *testing.T) {
	var at line
	var last error
	for at, last = range lines(strings.NewReader("link.list\nlink.list " + strings.Repeat("x", 3*protocol.MaxRequest))) {
	}
	if at.number != 2 || exitOf(last) != exitUsage {
		t.Errorf("got %v at line %d", last, at.number)
	}
}

func TestWrap(t *testing.T) {
	long := strings.Repeat("x", 50)
	for _, c := range []struct{ in, want string }{
		{"a bb  ccc", "a bb ccc\n"},
		{long + " " + long[:29], long + " " + long[:29] + "\n"},
		{long + " " + long[:30], long + "\n" + long[:30] + "\n"},
		{long + long + " a", long + long + "\na\n"},
	} {
		if got := wrap(c.in); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}
