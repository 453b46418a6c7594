package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// widths are those of columns, in characters.
type widths []int

// fit makes the columns wide enough for the rows.
func (w *widths) fit(rows [][]string) {
	for _, row := range rows {
		for i, text := range row {
			if i == len(*w) {
				*w = append(*w, 0)
			}
			(*w)[i] = max((*w)[i], utf8.RuneCountInString(text))
		}
	}
}

// align returns a row as a line.
func (w widths) align(row []string) string {
	var line strings.Builder
	for i, text := range row {
		fmt.Fprintf(&line, "%-*s  ", w[i], text)
	}
	return strings.TrimRight(line.String(), " ")
}

// writeRows writes rows with aligned columns.
func writeRows(w io.Writer, indent string, rows [][]string) error {
	var widths widths
	widths.fit(rows)
	for _, row := range rows {
		if _, err := fmt.Fprintln(w, indent+widths.align(row)); err != nil {
			return err
		}
	}
	return nil
}
