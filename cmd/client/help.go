package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"nethelper/pkg/ops"
)

// help prints the usage text, or what an operation takes and gives.
func (c *ctl) help(args []string) error {
	text := usage
	switch len(args) {
	case 0:
	case 1:
		op := ops.Lookup(args[0])
		if op == nil {
			return unknownOp(args[0])
		}
		text = manual(op)
	default:
		return usageErrorf("help: want the name of one operation")
	}
	_, err := io.WriteString(c.stdout, text)
	return err
}

// ops lists the operations, all or those on one object.
func (c *ctl) ops(args []string) error {
	if len(args) > 1 {
		return usageErrorf("ops: want the name of one object")
	}
	var rows [][]string
	for _, op := range ops.All {
		if len(args) == 0 || op.Object() == args[0] {
			rows = append(rows, []string{op.Name, op.Summary})
		}
	}
	if len(rows) == 0 {
		return usageErrorf("%q: no such object", args[0])
	}
	return writeRows(c.stdout, "", rows)
}

// pinnedNote explains the word that attributes are marked with.
const pinnedNote = "A pinned attribute has authority when it is left out: a grant that constrains it demands it."

// manual returns what an operation does, takes and gives.
func manual(op *ops.Op) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", op.Name, op.Summary)
	if op.Doc != "" {
		b.WriteString("\n" + wrap(op.Doc))
	}
	var attrs, values, result [][]string
	pinned := false
	for _, f := range op.Attrs() {
		attrs = append(attrs, []string{f.Numbered("N"), f.Type.Name, f.Presence(), f.About()})
		value := []string{f.Type.Name, f.Type.Doc}
		if !slices.ContainsFunc(values, func(v []string) bool { return v[0] == value[0] }) {
			values = append(values, value)
		}
		pinned = pinned || f.Pinned
	}
	for _, column := range op.Result() {
		result = append(result, []string{column.Name, column.Help})
	}
	section(&b, "Attributes", attrs)
	if pinned {
		b.WriteString("\n" + wrap(pinnedNote))
	}
	section(&b, "Values", values)
	if op.List {
		section(&b, "Each element of the list", result)
	} else {
		section(&b, "Result", result)
	}
	fmt.Fprintf(&b, "\nThe helper needs %s.\n", op.Needs())
	return b.String()
}

// section adds a heading and rows, if there are any.
func section(b *strings.Builder, heading string, rows [][]string) {
	if len(rows) > 0 {
		fmt.Fprintf(b, "\n%s:\n", heading)
		writeRows(b, "    ", rows) // a Builder takes everything
	}
}

// lineWidth is how long a line of prose is.
const lineWidth = 80

// wrap breaks text into lines, as far as its words allow.
func wrap(text string) string {
	var b strings.Builder
	n := 0
	for _, word := range strings.Fields(text) {
		switch {
		case n == 0:
		case n+1+len(word) > lineWidth:
			b.WriteByte('\n')
			n = 0
		default:
			b.WriteByte(' ')
			n++
		}
		b.WriteString(word)
		n += len(word)
	}
	b.WriteByte('\n')
	return b.String()
}
