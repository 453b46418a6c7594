package test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestDocs runs the examples in the documents. In a document, a block marked
//
//	```policy   is the policy of what follows,
//	```sh       is carried out in silence,
//	```console  is a session: a command behind "$ ", then what it prints.
//
// In the printed part "..." stands for anything, on a line of its own for any
// lines. All blocks of one document run in order in one network and mount
// namespace, as root there.
func TestDocs(t *testing.T) {
	files, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, "../README.md", "../policy/README.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		blocks := codeBlocks(string(text))
		if len(blocks) == 0 {
			continue
		}
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			runBlocks(t, blocks)
		})
	}
}

type block struct {
	line       int
	kind, text string
}

var fence = regexp.MustCompile("(?ms)^```(policy|sh|console)\n(.*?)^```$")

func codeBlocks(text string) []block {
	var blocks []block
	for _, m := range fence.FindAllStringSubmatchIndex(text, -1) {
		blocks = append(blocks, block{
			line: strings.Count(text[:m[0]], "\n") + 2,
			kind: text[m[2]:m[3]],
			text: text[m[4]:m[5]],
		})
	}
	return blocks
}

func runBlocks(t *testing.T, blocks []block) {
	l := newLab(t, "# nothing")
	for _, b := range blocks {
		switch b.kind {
		case "policy":
			l.setPolicy(b.text)
		case "sh":
			if out, err := l.command("set -e\n" + b.text).CombinedOutput(); err != nil {
				t.Fatalf("line %d: %v\n%s", b.line, err, out)
			}
		case "console":
			for _, s := range steps(b) {
				out, err := l.command(s.command).CombinedOutput()
				if !matches(s.want, string(out)) {
					t.Errorf("line %d: %s\nprints (%v)\n%s\nwant\n%s", s.line, s.command, err, out, s.want)
				}
			}
		}
	}
}

type step struct {
	line          int
	command, want string
}

// steps splits a session into commands and what they print.
func steps(b block) []step {
	var list []step
	for i, line := range strings.Split(strings.TrimSuffix(b.text, "\n"), "\n") {
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch last := len(list) - 1; {
		case isCommand:
			list = append(list, step{line: b.line + i, command: command})
		case last >= 0 && list[last].want == "" && strings.HasSuffix(list[last].command, "\\"):
			list[last].command += "\n" + line
		case last >= 0:
			list[last].want += line + "\n"
		}
	}
	return list
}

// matches compares what was printed with a text in which "..." stands for
// anything.
func matches(want, got string) bool {
	want = strings.ReplaceAll("\n"+want, "\n...\n", "\n\x00\n")
	pattern := regexp.QuoteMeta(want)
	pattern = strings.ReplaceAll(pattern, "\x00\n", "(?s:.*)")
	pattern = strings.ReplaceAll(pattern, `\.\.\.`, ".*")
	return regexp.MustCompile(`^` + pattern + `$`).MatchString(trimLines("\n" + got))
}

// trimLines removes blanks at the ends of lines.
func trimLines(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func TestMatches(t *testing.T) {
	for _, c := range []struct {
		want, got string
		ok        bool
	}{
		{"a\n", "a\n", true},
		{"a\n", "a\nb\n", false},
		{"a...\n", "abc\n", true},
		{"a...\n", "abc\nd\n", false},
		{"a\n...\nd\n", "a\nb\nc\nd\n", true},
		{"...\nd\n", "d\n", true},
		{"...\nd\n", "d\ne\n", false},
		{"a.c\n", "abc\n", false},
		{"", "", true},
		{"", "x\n", false},
	} {
		if got := matches(c.want, c.got); got != c.ok {
			t.Errorf("%q matches %q: %v", c.want, c.got, got)
		}
	}
}

// TestDocsGo checks that the Go code in the documents is part of the example
// that is compiled and run.
func TestDocsGo(t *testing.T) {
	text, err := os.ReadFile("../docs/embedding.md")
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile("../pkg/client/example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?ms)^```go\n(.*?)^```$").FindAllStringSubmatch(string(text), -1)
	if len(blocks) == 0 {
		t.Error("no Go code")
	}
	for _, b := range blocks {
		if !strings.Contains(string(example), b[1]) {
			t.Errorf("not in the example:\n%s", b[1])
		}
	}
}

// TestSecurityNamesTests checks that the tests that docs/security.md rests on
// are there.
func TestSecurityNamesTests(t *testing.T) {
	text, err := os.ReadFile("../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	there := make(map[string]bool)
	err = filepath.WalkDir("..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, m := range regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`).FindAllSubmatch(source, -1) {
			there[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z]\w+`).FindAllString(string(text), -1)
	if len(names) == 0 {
		t.Error("no test is named")
	}
	for _, name := range names {
		if !there[name] {
			t.Errorf("there is no %s", name)
		}
	}
}
