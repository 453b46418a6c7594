package main

import (
	_ "embed"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"nethelper/pkg/attr"
	"nethelper/pkg/ops"
)

// The scripts ask this command what a word can be (completion for), so that they
// know what it knows.
var (
	//go:embed completion.bash
	bashScript string
	//go:embed completion.zsh
	zshScript string
)

// completion prints a script for a shell, or the words that can stand at the end
// of a command line.
func (c *ctl) completion(args []string) error {
	if len(args) > 0 && args[0] == "for" {
		for _, text := range complete(args[1:]) {
			if _, err := fmt.Fprintln(c.stdout, text); err != nil {
				return err
			}
		}
		return nil
	}
	if len(args) != 1 {
		return usageErrorf("completion: want bash or zsh")
	}
	script, ok := map[string]string{"bash": bashScript, "zsh": zshScript}[args[0]]
	if !ok {
		return usageErrorf("completion: %q: want bash or zsh", args[0])
	}
	_, err := io.WriteString(c.stdout, script)
	return err
}

// complete returns what the last of the words, which may be empty, can become.
func complete(words []string) []string {
	if len(words) == 0 {
		words = []string{""}
	}
	before, last := words[:len(words)-1], words[len(words)-1]
	var found []string
	for _, text := range candidates(before, last) {
		if strings.HasPrefix(text, last) {
			found = append(found, text)
		}
	}
	return found
}

func candidates(before []string, last string) []string {
	words, value := operands(before)
	switch {
	case value:
		return nil // of a flag: a file, a time or a number
	case strings.HasPrefix(last, "-"):
		return flagNames()
	case len(words) == 0:
		return append(commandNames(), operationNames()...)
	}
	cmd := commandNamed(words[0])
	switch {
	case cmd == nil:
		return completeRequest(words, last)
	case cmd.complete == nil:
		return nil
	}
	return cmd.complete(words[1:], last)
}

// operands returns the words without the flags, and whether what comes next is
// the value of a flag.
func operands(words []string) (operands []string, value bool) {
	var o options
	fs := o.flags()
	for _, w := range words {
		switch f := fs.Lookup(strings.TrimLeft(w, "-")); {
		case value:
			value = false
		case !strings.HasPrefix(w, "-") || w == "-":
			operands = append(operands, w)
		case f != nil:
			b, ok := f.Value.(interface{ IsBoolFlag() bool })
			value = !ok || !b.IsBoolFlag()
		}
	}
	return operands, value
}

func flagNames() []string {
	var names []string
	var o options
	o.flags().VisitAll(func(f *flag.Flag) { names = append(names, spellFlag(f.Name)) })
	return names
}

// spellFlag puts the hyphens before a flag's name.
func spellFlag(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

func commandNames() []string {
	var names []string
	for _, cmd := range commands() {
		names = append(names, cmd.name)
	}
	return names
}

func operationNames() []string {
	var names []string
	for _, op := range ops.All {
		names = append(names, op.Name)
	}
	return names
}

func objectNames() []string {
	var names []string
	for _, op := range ops.All {
		names = append(names, op.Object())
	}
	return slices.Compact(names)
}

func shellNames() []string { return []string{"bash", "zsh"} }

// first completes the first argument with one of the words, and no other.
func first(words func() []string) func(args []string, last string) []string {
	return func(args []string, _ string) []string {
		if len(args) > 0 {
			return nil
		}
		return words()
	}
}

// completeRequest completes OPERATION ATTRIBUTE=VALUE...
func completeRequest(args []string, last string) []string {
	if len(args) == 0 {
		return operationNames()
	}
	op := ops.Lookup(args[0])
	if op == nil {
		return nil
	}
	given := make(map[string]bool)
	for _, w := range args[1:] {
		name, _, _ := strings.Cut(w, "=")
		given[name] = true
	}
	var found []string
	for _, f := range op.Attrs() {
		name := nextName(f, given)
		if strings.HasPrefix(last, name+"=") {
			for _, w := range f.Type.Words {
				found = append(found, name+"="+w)
			}
		} else if !given[name] {
			found = append(found, name+"=")
		}
	}
	return found
}

// nextName returns the name that the attribute has in a request next: of a
// repeated group, that in the first element which lacks it.
func nextName(f *attr.Field, given map[string]bool) string {
	name := f.Name
	for n := 1; f.Group != "" && (n == 1 || given[name]); n++ {
		name = f.Numbered(strconv.Itoa(n))
	}
	return name
}
