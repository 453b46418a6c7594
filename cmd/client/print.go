package main

import (
	"io"
	"iter"
	"reflect"

	"nethelper/pkg/ops"
)

// A printer prints what operations return. The error of a list is returned once
// what came before it is printed.
type printer interface {
	result(op *ops.Op, result any) error
	list(op *ops.Op, list iter.Seq2[any, error]) error
}

func (c *ctl) printer() printer {
	if c.json {
		return programs{c.stdout}
	}
	return people{c.stdout, c.warn}
}

// people print tables.
type people struct {
	w    io.Writer
	warn func(format string, args ...any)
}

// result prints the fields of a result. Where an operation changes something,
// people want to know no more than whether it did.
func (p people) result(op *ops.Op, result any) error {
	changed, isChange := fieldNamed(reflect.ValueOf(result), "changed")
	switch {
	case !isChange:
		return writeFields(p.w, op.Result(), result)
	case !changed.Bool():
		p.warn("%s: unchanged", op.Name)
	}
	return nil
}

func (p people) list(op *ops.Op, list iter.Seq2[any, error]) error {
	return writeTable(p.w, op.Result(), list)
}

// programs print JSON.
type programs struct{ w io.Writer }

func (p programs) result(_ *ops.Op, result any) error { return writeJSON(p.w, result) }

func (p programs) list(_ *ops.Op, list iter.Seq2[any, error]) error {
	return writeJSONList(p.w, list)
}
