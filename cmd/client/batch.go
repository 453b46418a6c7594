package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"nethelper/pkg/client"
	"nethelper/pkg/protocol"
)

// batchStdin carries out the requests on standard input.
func (c *ctl) batchStdin(args []string) error {
	if len(args) > 0 {
		return usageErrorf("-: the requests are on standard input, not on the command line")
	}
	return c.batch("stdin", c.stdin)
}

// batchFile carries out the requests in the file that -f names.
func (c *ctl) batchFile() error {
	if c.file == "-" {
		return c.batch("stdin", c.stdin)
	}
	f, err := os.Open(c.file)
	if err != nil {
		return usageErrorf("%v", err)
	}
	defer f.Close()
	return c.batch(c.file, f)
}

// A batch is requests that are carried out one after the other through one
// helper.
type batch struct {
	c        *ctl
	name     string // of the file
	helper   *client.Client
	progress progress
}

func (c *ctl) batch(name string, r io.Reader) (err error) {
	helper, err := c.client()
	if err != nil {
		return err
	}
	defer func() { err = finish(helper, err) }()
	b := batch{c: c, name: name, helper: helper, progress: c.newProgress()}
	defer b.progress.clear()
	if c.keepGoing {
		return b.ahead(r)
	}
	return b.inTurn(r)
}

// inTurn makes a request when the one before it is done, so that nothing is
// carried out behind a request that failed.
func (b *batch) inTurn(r io.Reader) error {
	for l, err := range lines(r) {
		if err := b.settle(b.send(l, err)); err != nil {
			return err
		}
	}
	return nil
}

// window is how many requests are made before the first of them is answered.
const window = 256

// ahead makes requests without waiting for the answers to those before, and goes
// on behind one that failed. It ends when there is no helper any more.
func (b *batch) ahead(r io.Reader) (first error) {
	done := make(chan struct{})
	defer close(done)
	in := readAhead(r, done)
	var sent []attempt
	for final := false; ; {
		if !final {
			sent = b.fill(sent, in)
		}
		if len(sent) == 0 {
			return first
		}
		err := b.settle(sent[0])
		sent = sent[1:]
		first, final = cmp.Or(first, err), final || isFinal(err)
	}
}

// fill makes the requests that are there to be made. It waits for one if none is
// on its way.
func (b *batch) fill(sent []attempt, in <-chan lineOrError) []attempt {
	for len(sent) < window {
		l, ok := nextLine(in, len(sent) == 0)
		if !ok {
			break
		}
		sent = append(sent, b.send(l.line, l.err))
	}
	return sent
}

// isFinal reports whether after err no request can be carried out.
func isFinal(err error) bool {
	var (
		usage       *usageError
		helper      *client.HelperError
		unavailable *client.UnavailableError
		answer      *protocol.Error
	)
	switch {
	case err == nil:
		return false
	case errors.As(err, &helper), errors.As(err, &unavailable):
		return true
	}
	return !errors.As(err, &usage) && !errors.As(err, &answer) && !errors.Is(err, context.DeadlineExceeded)
}

// An attempt is a request that was made, or an error where none could be.
type attempt struct {
	line    line
	request request
	pending *client.Pending
	err     error
}

// send makes the request in a line, unless that could not be read.
func (b *batch) send(l line, err error) attempt {
	a := attempt{line: l, err: err}
	if a.err == nil {
		a.request, a.err = parseRequest(l.words)
	}
	if a.err == nil {
		ctx, cancel := b.c.context()
		defer cancel()
		a.pending, a.err = b.helper.Send(ctx, a.request.op, a.request.params)
	}
	return a
}

// settle waits for the answer and prints it. The error has been printed.
func (b *batch) settle(a attempt) error {
	defer b.progress.done()
	out := b.printer(a.line)
	err := a.err
	if err == nil {
		err = b.print(out, a)
	}
	if err != nil && !errors.As(err, new(reported)) {
		err = out.failure(err)
	}
	return cmp.Or(err, b.c.stdout.Flush())
}

func (b *batch) print(out batchPrinter, a attempt) error {
	ctx, cancel := b.c.context()
	defer cancel()
	op := a.request.op
	if op.List {
		return out.list(op, a.pending.Items(ctx))
	}
	result, err := a.pending.Result(ctx)
	if err != nil {
		return err
	}
	return out.result(op, result)
}

func (b *batch) printer(l line) batchPrinter {
	w := clearing{&b.progress, b.c.stdout}
	if b.c.json {
		return numbered{w, l.number}
	}
	warn := func(format string, args ...any) {
		b.progress.clear()
		b.c.warn("%s:%d: %s", b.name, l.number, fmt.Sprintf(format, args...))
	}
	return placed{people{w, warn}}
}
