package audit

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"iter"
)

// lineMax is more than any record has.
const lineMax = 1 << 20

// A Line is a record and where in its log it is.
type Line struct {
	Record
	Number int // from 1
}

// Read yields the records of a log in order. A line that is none, be it cut short or
// of something else, yields an error that names it, and the reading goes on. Lines
// that are longer than any record, and errors of r, end it.
func Read(r io.Reader) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for line, err := range Lines(r) {
			if !yield(line.Record, err) {
				return
			}
		}
	}
}

// Lines is [Read] with the numbers of the lines. Empty lines are passed over.
func Lines(r io.Reader) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, lineMax)
		n := 0
		for lines.Scan() {
			n++
			if len(lines.Bytes()) == 0 {
				continue
			}
			var record Record
			err := json.Unmarshal(lines.Bytes(), &record)
			if err == nil && record.Event == "" {
				err = fmt.Errorf("no event")
			}
			if err != nil {
				record, err = Record{}, fmt.Errorf("line %d is no record: %w", n, err)
			}
			if !yield(Line{record, n}, err) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(Line{Number: n + 1}, fmt.Errorf("line %d: %w", n+1, err))
		}
	}
}
