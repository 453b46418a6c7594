package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"nethelper/pkg/protocol"
)

// encode writes requests as the helper reads them.
func (c *ctl) encode(words []string) error {
	if len(words) == 0 {
		return usageErrorf("encode: want an operation, or - to read requests from standard input")
	}
	if isTerminal(os.Stdout) {
		return usageErrorf("encode: standard output is a terminal; pipe it to the helper, or through nethelperctl decode")
	}
	if len(words) > 1 || words[0] != "-" {
		return c.encodeRequest(c.id, words)
	}
	id := c.id
	for l, err := range lines(c.stdin) {
		if err == nil {
			err = c.encodeRequest(id, l.words)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", l.number, err)
		}
		id++
	}
	return nil
}

func (c *ctl) encodeRequest(id uint64, words []string) error {
	r, err := parseRequest(words)
	if err != nil {
		return err
	}
	params, err := protocol.Marshal(r.params)
	if err != nil {
		return err
	}
	message, err := protocol.Marshal(protocol.Request{ID: id, Op: r.op.Name, Params: params})
	if err != nil {
		return err
	}
	return protocol.Write(c.stdout, message)
}

// decode prints messages in diagnostic notation, one a line, as they come.
func (c *ctl) decode(args []string) error {
	if len(args) > 0 {
		return usageErrorf("decode takes no arguments: it reads standard input")
	}
	for r := bufio.NewReader(c.stdin); ; {
		message, err := protocol.Read(r, protocol.MaxReply)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if _, err := fmt.Fprintln(c.stdout, protocol.Diagnose(message)); err != nil {
			return err
		}
		if err := c.stdout.Flush(); err != nil {
			return err
		}
	}
}
