package seccomp

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// Describe writes out what a profile allows: each call, with what its arguments
// have to be where that matters, and why it is needed. The first word of a line
// is the least profile that has it.
func Describe(p Profile) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, r := range p.rows(table(machines["amd64"], 0)) { // the words are the same on all
		fmt.Fprintf(w, "%s\t%s\t%s\n", r.from, r.signature(), r.why)
	}
	w.Flush()
	return b.String()
}

// signature returns the call and its arguments; * is any.
func (r row) signature() string {
	if len(r.when) == 0 {
		return r.call
	}
	var args []string
	for _, c := range r.when {
		for len(args) < c.arg {
			args = append(args, "*")
		}
		args = append(args, c.text)
	}
	return r.call + "(" + strings.Join(args, ", ") + ")"
}
