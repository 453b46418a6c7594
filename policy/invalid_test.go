package policy

import (
	"slices"
	"strings"
	"testing"
)

// TestInvalid holds each policy that is none to the exact errors, all of them,
// in the order of the text.
func TestInvalid(t *testing.T) {
	for _, file := range corpus(t, "invalid") {
		t.Run(file.name, func(t *testing.T) {
			want := file.last(t, "errors")
			p, err := Parse(file.sources, schema, accounts)
			errs, ok := err.(Errors)
			if !ok || p != nil {
				t.Fatalf("policy %v and error %v", p, err)
			}
			got := strings.Split(errs.Error(), "\n")
			for _, line := range got {
				if !slices.Contains(want, line) {
					t.Errorf("not wanted: %s", line)
				}
			}
			for _, line := range want {
				if !slices.Contains(got, line) {
					t.Errorf("not got:    %s", line)
				}
			}
			if !t.Failed() && !slices.Equal(got, want) {
				t.Errorf("not in the order of the text:\n%s", errs)
			}
		})
	}
}

// TestText holds a source to being text of whole lines. These are no corpus,
// whose files are such text.
func TestText(t *testing.T) {
	long := "#" + strings.Repeat("x", maxLine-1)
	full := strings.Repeat("#"+strings.Repeat("x", 1022)+"\n", maxFile/1024)
	tests := []struct{ name, text, want string }{
		{"empty", "", "policy:1:1: the file is empty; to grant nothing, say so in a comment"},
		{"blank", " \n", ""},
		{"cut short", "# a\ngrant uid:0 link.list", "policy:2:22: the last line has no end: the file may have been cut short"},
		{"cut short in a comment", "# a", "policy:1:4: the last line has no end: the file may have been cut short"},
		{"longest line", long + "\n", ""},
		{"line too long", long + "x\n", "policy:1:4097: the line is longer than 4096 bytes"},
		{"largest file", full, ""},
		{"file too large", full + "\n", "policy:1:1: more than 262144 bytes"},
		{"zero byte", "# a\x00b\n", "policy:1:4: a control character, or one that cannot be seen"},
		{"escape", "grant \x1b[2J\n", "policy:1:7: a control character, or one that cannot be seen"},
		{"vertical tab", "grant\vuid:0 link.list\n", "policy:1:6: a control character, or one that cannot be seen"},
		{"carriage return", "# a\r\n", "policy:1:4: a carriage return: lines end in a newline alone"},
		{"carriage return alone", "# a\rgrant uid:0 link.list\n", "policy:1:4: a control character, or one that cannot be seen"},
		{"no-break space", "grant\u00a0uid:0 link.list\n", "policy:1:6: a control character, or one that cannot be seen"},
		{"right-to-left override", "# \u202e\n", "policy:1:3: a control character, or one that cannot be seen"},
		{"line separator", "# a\u2028grant uid:0 link.list\n", "policy:1:4: a control character, or one that cannot be seen"},
		{"byte order mark", "\ufeff# a\n", "policy:1:1: a control character, or one that cannot be seen"},
		{"Latin-1", "# gr\xfc\xdfe\n", "policy:1:5: not UTF-8"},
		{"truncated UTF-8", "# a\xc3\n", "policy:1:4: not UTF-8"},
		{"overlong UTF-8", "# \xc0\xaf\n", "policy:1:3: not UTF-8"},
		{"surrogate", "# \xed\xa0\x80\n", "policy:1:3: not UTF-8"},
		{"UTF-8", "# größe \ufffd\n", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Parse([]Source{{"policy", []byte(test.text)}}, schema, accounts)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestSources(t *testing.T) {
	if _, err := Parse(nil, schema, accounts); err == nil || err.Error() != "there is no source" {
		t.Errorf("no source: error %v", err)
	}
	one := Source{"policy", []byte("# nothing\n")}
	want := "policy:1:1: two sources have this name"
	if _, err := Parse([]Source{one, one}, schema, accounts); err == nil || err.Error() != want {
		t.Errorf("one source twice: error %v, want %s", err, want)
	}
}

// A list cannot grow without bound by its sets.
func TestAlternativesBound(t *testing.T) {
	set := "set @a = " + strings.Repeat("1,", 1999) + "1\n"
	for names, want := range map[string]string{
		"@a,@a":    "",
		"@a,@a,@a": "policy:2:33: 6000 alternatives, the limit is 4096",
	} {
		_, err := Parse([]Source{{"policy", []byte(set + "grant uid:0 link.add name=a mtu=" + names + "\n")}}, schema, accounts)
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", names, got, want)
		}
	}
}

// Nor can a policy.
func TestWrittenBound(t *testing.T) {
	text := "set @a = " + strings.Repeat("1,", 1999) + "1\n"
	text += strings.Repeat("grant uid:0 link.add name=a mtu=@a,@a\n", 70)
	_, err := Parse([]Source{{"policy", []byte(text)}}, schema, accounts)
	want := "policy:67:33: 264132 alternatives up to here in all grants, the limit is 262144"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Without names, no name resolves, and nothing else changes.
func TestNoNames(t *testing.T) {
	if _, err := Parse([]Source{{"policy", []byte("grant uid:0 link.list\n")}}, schema, nil); err != nil {
		t.Error(err)
	}
	if _, err := Parse([]Source{{"policy", []byte("grant user:root link.list\n")}}, schema, nil); err == nil {
		t.Error("a name resolved")
	}
}
