package main

import (
	"cmp"
	"context"
	"errors"
	"os/exec"
	"strings"

	"nethelper/pkg/client"
	"nethelper/pkg/protocol"
)

// call carries out one operation.
func (c *ctl) call(words []string) (err error) {
	r, err := parseRequest(words)
	if err != nil {
		return err
	}
	helper, err := c.client()
	if err != nil {
		return err
	}
	defer func() { err = finish(helper, err) }()
	ctx, cancel := c.context()
	defer cancel()
	out := c.printer()
	if r.op.List {
		return out.list(r.op, helper.Stream(ctx, r.op, r.params))
	}
	result, err := helper.Do(ctx, r.op, r.params)
	if err != nil {
		return err
	}
	return out.result(r.op, result)
}

// hello prints what the helper says of itself.
func (c *ctl) hello(args []string) (err error) {
	if len(args) > 0 {
		return usageErrorf("hello takes no arguments")
	}
	helper, err := c.client()
	if err != nil {
		return err
	}
	defer func() { err = finish(helper, err) }()
	ctx, cancel := c.context()
	defer cancel()
	hello, err := helper.Hello(ctx)
	if err != nil {
		return err
	}
	if c.json {
		return writeJSON(c.stdout, hello)
	}
	return writeFields(c.stdout, columnsOf(hello), hello)
}

// finish ends the helper and waits for it, unless it has not answered in time: it
// ends when this process has.
func finish(helper *client.Client, err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return cmp.Or(err, helper.Close())
}

// context ends when the wait for an answer does.
func (c *ctl) context() (context.Context, context.CancelFunc) {
	if c.timeout == 0 {
		return context.WithCancel(context.Background())
	}
	return context.WithTimeout(context.Background(), c.timeout)
}

// client returns a client of the helper that the flags name.
func (c *ctl) client() (*client.Client, error) {
	config := client.Config{Path: c.helper, Stderr: c.stderr}
	if c.helper != "" && !strings.Contains(c.helper, "/") {
		path, err := exec.LookPath(c.helper)
		if err != nil {
			return nil, &client.HelperError{Path: c.helper, Err: err}
		}
		config.Path = path
	}
	if c.policy != "" {
		config.Args = append(config.Args, "--policy", c.policy)
	}
	if c.audit != "" {
		config.Args = append(config.Args, "--audit", c.audit)
	}
	if c.trace {
		config.Trace = func(d client.Direction, message []byte) {
			c.stderr.Write([]byte(string(d) + " " + protocol.Diagnose(message) + "\n"))
		}
	}
	return client.New(config), nil
}
