package policy

import (
	"os"
	"strings"
	"testing"
)

// blocks returns the policies in a manual: its fenced blocks that say so.
func blocks(manual string) []string {
	var found []string
	for _, part := range strings.Split(manual, "```policy\n")[1:] {
		text, _, _ := strings.Cut(part, "```")
		found = append(found, text)
	}
	return found
}

// TestManual holds every example of the manual to being a policy.
func TestManual(t *testing.T) {
	manual, err := os.ReadFile("README.md")
	check(t, err)
	examples := blocks(string(manual))
	if len(examples) == 0 {
		t.Fatal("no examples")
	}
	for _, text := range examples {
		if p := parse(t, text); len(p.Grants()) == 0 {
			t.Errorf("no grants in\n%s", text)
		}
	}
}
