// Nethelperctl is the unprivileged command of nethelper. It carries out
// operations through the helper, and checks and explains policies without it.
package main

import (
	"bufio"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"syscall"
)

// A ctl is one run of the command.
type ctl struct {
	options
	stdin  io.Reader
	stdout *bufio.Writer
	stderr io.Writer
	colour bool // standard output has colours
}

// A command is what the first word can be besides the name of an operation.
type command struct {
	name string
	run  func(c *ctl, args []string) error
	// complete returns what can stand behind args, where last is the beginning of
	// it. It may be nil.
	complete func(args []string, last string) []string
}

// commands is a function because some of the commands look at it.
func commands() []command {
	return []command{
		{"-", (*ctl).batchStdin, nil},
		{"help", (*ctl).help, first(operationNames)},
		{"ops", (*ctl).ops, first(objectNames)},
		{"hello", (*ctl).hello, nil},
		{"doctor", (*ctl).doctor, nil},
		{"encode", (*ctl).encode, completeRequest},
		{"decode", (*ctl).decode, nil},
		{"policy", (*ctl).policyCommand, completePolicy},
		{"completion", (*ctl).completion, first(shellNames)},
		{"version", (*ctl).version, nil},
	}
}

func main() {
	if err := dropSetID(); err != nil {
		fmt.Fprintln(os.Stderr, "nethelperctl:", err)
		os.Exit(exitFailed)
	}
	c := &ctl{stdin: os.Stdin, stdout: bufio.NewWriter(os.Stdout), stderr: os.Stderr, colour: coloured(os.Stdout)}
	err := cmp.Or(c.main(os.Args[1:]), c.stdout.Flush())
	if err != nil {
		c.report(err)
	}
	os.Exit(exitOf(err))
}

// dropSetID gives up what a set-id bit on this command gives: it is to have no
// privilege, and reads files that its caller names.
func dropSetID() error {
	if os.Getegid() != os.Getgid() {
		if err := syscall.Setresgid(os.Getgid(), os.Getgid(), os.Getgid()); err != nil {
			return fmt.Errorf("set-id: %w", err)
		}
	}
	if os.Geteuid() != os.Getuid() {
		if err := syscall.Setresuid(os.Getuid(), os.Getuid(), os.Getuid()); err != nil {
			return fmt.Errorf("set-id: %w", err)
		}
	}
	return nil
}

func (c *ctl) main(args []string) error {
	words, err := c.parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return c.help(nil)
	case err != nil:
		return usageErrorf("%v", err)
	case c.file != "" && len(words) > 0:
		return usageErrorf("-f: the requests are in the file, not on the command line")
	case c.file != "":
		return c.batchFile()
	case len(words) == 0:
		return &usageError{}
	}
	if cmd := commandNamed(words[0]); cmd != nil {
		return cmd.run(c, words[1:])
	}
	return c.call(words)
}

// commandNamed returns the command, or nil.
func commandNamed(name string) *command {
	all := commands()
	if i := slices.IndexFunc(all, func(cmd command) bool { return cmd.name == name }); i >= 0 {
		return &all[i]
	}
	return nil
}
