package main

import (
	"cmp"
	"fmt"
	"io"
	"iter"
	"strings"

	"nethelper/pkg/ops"
)

// sample is how many rows decide how wide the columns are. What is more is
// printed as it comes.
const sample = 1000

// A table is aligned columns under their names.
type table struct {
	w      io.Writer
	names  []string
	rows   [][]string // not yet printed
	widths widths     // nil until they are decided
}

// writeTable writes a list. One without elements has no header either.
func writeTable(w io.Writer, columns []ops.Column, list iter.Seq2[any, error]) error {
	t := table{w: w}
	var header []string
	for _, column := range columns {
		if !column.Wide {
			t.names = append(t.names, column.Name)
			header = append(header, strings.ToUpper(column.Name))
		}
	}
	for element, err := range list {
		if err != nil {
			return cmp.Or(t.flush(), err)
		}
		if header != nil {
			t.rows, header = append(t.rows, header), nil
		}
		if err := t.add(element); err != nil {
			return err
		}
	}
	return t.flush()
}

func (t *table) add(element any) error {
	row := make([]string, len(t.names))
	for i, name := range t.names {
		row[i] = cellNamed(element, name)
	}
	t.rows = append(t.rows, row)
	if t.widths == nil && len(t.rows) < sample {
		return nil
	}
	return t.flush()
}

// flush writes the rows gathered so far.
func (t *table) flush() error {
	if t.widths == nil {
		t.widths.fit(t.rows)
	}
	for _, row := range t.rows {
		if _, err := fmt.Fprintln(t.w, t.widths.align(row)); err != nil {
			return err
		}
	}
	t.rows = nil
	return nil
}

// writeFields writes the fields of one object, a line each.
func writeFields(w io.Writer, columns []ops.Column, object any) error {
	var rows [][]string
	for _, column := range columns {
		if text := cellNamed(object, column.Name); text != absent {
			rows = append(rows, []string{column.Name, text})
		}
	}
	return writeRows(w, "", rows)
}
