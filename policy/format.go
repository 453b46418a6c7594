package policy

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Format returns the text of a policy in its one form: a blank between words, the
// attributes of a grant in the order of the operation, the columns before them
// aligned in runs of statements of one kind, at most one empty line in a row.
// Comments stay as they are. What cannot be read stays as it is, but for blanks.
func Format(text string, schema Schema) string {
	var rows []row
	for line := range strings.Lines(text) {
		rows = append(rows, rowOf(strings.TrimSuffix(line, "\n"), schema))
	}
	align(rows)
	var b strings.Builder
	empty := true // nothing has been written, or an empty line
	for _, r := range rows {
		line := r.String()
		if line == "" && empty {
			continue
		}
		empty = line == ""
		b.WriteString(line + "\n")
	}
	formatted := b.String()
	if formatted == "" && text != "" {
		return "\n" // an empty file is no policy
	}
	if strings.HasSuffix(formatted, "\n\n") {
		formatted = formatted[:len(formatted)-1]
	}
	return formatted
}

// A row is a line: words, of which the first few are columns, and a comment.
type row struct {
	words   []string
	columns int
	widths  []int
	comment string
}

// rowOf splits a line as the parser does.
func rowOf(line string, schema Schema) row {
	var r row
	end := 0
	for _, w := range words(line, Position{}) {
		r.words = append(r.words, w.text)
		end = w.at.Column - 1 + len(w.text)
	}
	r.comment = strings.Trim(line[end:], " \t")
	if len(r.words) > 0 {
		r.columns = min(columns[r.words[0]], len(r.words))
	}
	if len(r.words) > 3 && r.words[0] == "grant" {
		sortAttributes(r.words[3:], r.words[2], schema)
	}
	return r
}

// columns are how many words of a statement stand in columns.
var columns = map[string]int{"grant": 3, "expect": 4, "set": 3, "limit": 2}

// sortAttributes puts the attributes of a grant into the order of its first
// operation. If one of them is not known, all stay where they are.
func sortAttributes(attrs []string, ops string, schema Schema) {
	op, _, _ := strings.Cut(ops, ",")
	signature, known := schema[op]
	if !known {
		return
	}
	order := make(map[string]int)
	for i, f := range signature.Attrs() {
		order[f.Name] = i + 1
	}
	order[Quota] = len(order) + 1
	place := func(word string) int {
		name, _, _ := strings.Cut(word, "=")
		return order[name]
	}
	if slices.ContainsFunc(attrs, func(w string) bool { return place(w) == 0 }) {
		return
	}
	slices.SortStableFunc(attrs, func(a, b string) int { return cmp.Compare(place(a), place(b)) })
}

// align makes the columns of a run of statements of one kind as wide as the widest
// of them.
func align(rows []row) {
	for start := 0; start < len(rows); {
		end := start + 1
		for end < len(rows) && rows[end].kind() == rows[start].kind() {
			end++
		}
		var widths []int
		for _, r := range rows[start:end] {
			for i := range r.columns {
				if i == len(widths) {
					widths = append(widths, 0)
				}
				widths[i] = max(widths[i], utf8.RuneCountInString(r.words[i]))
			}
		}
		for i := range rows[start:end] {
			r := &rows[start+i]
			if r.widths = widths; len(r.String()) > maxLine {
				r.columns = 0
			}
		}
		start = end
	}
}

func (r row) kind() string {
	if len(r.words) == 0 {
		return ""
	}
	return r.words[0]
}

func (r row) String() string {
	var b strings.Builder
	for i, w := range r.words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
		if i < r.columns && i < len(r.words)-1 {
			b.WriteString(strings.Repeat(" ", r.widths[i]-utf8.RuneCountInString(w)))
		}
	}
	if r.comment != "" {
		if b.Len() > 0 {
			b.WriteString("  ")
		}
		b.WriteString(r.comment)
	}
	return b.String()
}
