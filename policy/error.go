package policy

import (
	"fmt"
	"strconv"
	"strings"
)

// A Position is a place in a source. Lines count from 1, columns count bytes
// from 1.
type Position struct {
	File         string
	Line, Column int
}

// String returns FILE:LINE:COLUMN.
func (p Position) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column) }

// line returns FILE:LINE.
func (p Position) line() string { return p.File + ":" + strconv.Itoa(p.Line) }

// An Error is one fault of a policy.
type Error struct {
	At     Position
	Reason string
}

// Error returns FILE:LINE:COLUMN: REASON, or the reason alone if it is about no
// place.
func (e Error) Error() string {
	if e.At == (Position{}) {
		return e.Reason
	}
	return e.At.String() + ": " + e.Reason
}

// Errors are all the faults that were found, in the order of the text.
type Errors []Error

// Error returns one fault a line.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i := range e {
		lines[i] = e[i].Error()
	}
	return strings.Join(lines, "\n")
}
