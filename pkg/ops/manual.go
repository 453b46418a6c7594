package ops

import (
	"fmt"
	"strings"

	"nethelper/pkg/attr"
)

const preamble = `# Operations

What the helper can do, object by object. This page is checked against the table of operations.

An attribute marked *pinned* has authority when it is left out: a grant that constrains it demands it. *N* stands for
the number of an element, counted from 1. What an operation needs in the helper's own namespace stands below its
name; to act in another namespace, or to refer to one, the helper needs CAP_SYS_ADMIN besides.
`

// Manual describes every operation for people, in Markdown.
func Manual() string {
	var b strings.Builder
	b.WriteString(preamble)
	object := ""
	for _, op := range All {
		if op.Object() != object {
			object = op.Object()
			fmt.Fprintf(&b, "\n## %s\n", object)
		}
		op.manual(&b)
	}
	b.WriteString("\n## Types of attributes\n\n| type | how it is written |\n| --- | --- |\n")
	for _, typ := range attr.Types {
		fmt.Fprintf(&b, "| %s | %s |\n", typ.Name, typ.Doc)
	}
	return b.String()
}

func (op *Op) manual(b *strings.Builder) {
	fmt.Fprintf(b, "\n### %s\n\n%s.", op.Name, strings.ToUpper(op.Summary[:1])+op.Summary[1:])
	if op.Doc != "" {
		b.WriteString(" " + op.Doc)
	}
	fmt.Fprintf(b, "\n\nNeeds %s in the helper's own namespace.\n", op.Needs())
	if len(op.Attrs()) > 0 {
		b.WriteString("\n| attribute | type | | meaning |\n| --- | --- | --- | --- |\n")
	}
	for _, f := range op.Attrs() {
		fmt.Fprintf(b, "| %s | %s | %s | %s |\n", f.Numbered("*N*"), f.Type.Name, f.Presence(), f.About())
	}
	if op.List {
		b.WriteString("\nEach item of the list:\n")
	} else {
		b.WriteString("\nResult:\n")
	}
	b.WriteString("\n| field | meaning |\n| --- | --- |\n")
	for _, c := range op.Result() {
		fmt.Fprintf(b, "| %s | %s |\n", c.Name, c.Help)
	}
}
