package test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"nethelper/pkg/ops"
	"nethelper/policy"
)

// anyone resolves the names that the policies of the documents use.
var anyone = policy.ParseAccounts(
	[]byte("root:x:0:0::/:\nneutron:x:5001:5001::/:\nvpn:x:5002:5002::/:\n"),
	[]byte("root:x:0:\nneutron:x:5001:\nlxc:x:5003:\nkvm:x:5004:\n"))

// TestPolicies reads every policy that the project ships, with the operations
// that there are, and those in its commented lines.
func TestPolicies(t *testing.T) {
	files, err := filepath.Glob("../policy/examples/*.policy")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	commented := regexp.MustCompile(`(?m)^#   `)
	for _, file := range append(files, "../demo/policy", "../packaging/policy") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string][]byte{
			file:                   text,
			file + ", uncommented": commented.ReplaceAll(text, nil),
		} {
			sources := []policy.Source{{Name: filepath.Base(file), Text: text}}
			if _, err := policy.Parse(sources, ops.Schema(), anyone); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// TestManual reads the policies in the manual of the language.
func TestManual(t *testing.T) {
	text, err := os.ReadFile("../policy/README.md")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, b := range codeBlocks(string(text)) {
		if b.kind != "policy" {
			continue
		}
		n++
		if _, err := policy.Parse([]policy.Source{{Name: "policy", Text: []byte(b.text)}}, ops.Schema(), anyone); err != nil {
			t.Errorf("line %d: %v", b.line, err)
		}
	}
	if n == 0 {
		t.Error("the manual has no policy in it")
	}
}
