package main

import (
	"cmp"
	"fmt"
	"io"
	"iter"
	"reflect"

	"nethelper/pkg/ops"
)

// A batchPrinter tells which line a result, or a failure, is of.
type batchPrinter interface {
	printer
	failure(err error) error
}

// placed prints for people, with the name of the file and the line in errors.
type placed struct{ people }

func (p placed) failure(err error) error {
	p.warn("%s", explain(err))
	return reported{err}
}

// numbered prints for programs, an object for each request: its line, and its
// result, items or error.
type numbered struct {
	w    io.Writer
	line int
}

func (n numbered) result(_ *ops.Op, result any) error {
	return writeJSON(n.w, struct {
		Line   int `cbor:"line"`
		Result any `cbor:"result"`
	}{n.line, result})
}

func (n numbered) failure(err error) error {
	return cmp.Or[error](writeJSON(n.w, struct {
		Line  int `cbor:"line"`
		Error any `cbor:"error"`
	}{n.line, errorOf(err)}), reported{err})
}

// list writes the items as they come. If the list ends in an error, the error
// follows the items.
func (n numbered) list(_ *ops.Op, list iter.Seq2[any, error]) error {
	before := fmt.Sprintf(`{"line":%d,"items":[`, n.line)
	started := false
	for item, err := range list {
		if err != nil && !started {
			return err
		}
		if err != nil {
			b, failed := appendJSON([]byte(`],"error":`), reflect.ValueOf(errorOf(err)))
			if failed != nil {
				return failed
			}
			return cmp.Or[error](n.write(append(b, "}\n"...)), reported{err})
		}
		b, err := appendJSON([]byte(before), reflect.ValueOf(item))
		if err != nil {
			return err
		}
		if err := n.write(b); err != nil {
			return err
		}
		before, started = ",", true
	}
	if !started {
		return n.write([]byte(before + "]}\n"))
	}
	return n.write([]byte("]}\n"))
}

func (n numbered) write(b []byte) error {
	_, err := n.w.Write(b)
	return err
}
