package main

import (
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"

	"nethelper/policy"
)

// arguments are those of a helper that gained nothing at exec.
type arguments struct{ policy, audit string }

// A usageError says what is wrong with the arguments.
type usageError struct{ error }

func parseArguments(args []string) (arguments, error) {
	var a arguments
	flags := flag.NewFlagSet("nethelper", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&a.policy, "policy", "", "")
	flags.StringVar(&a.audit, "audit", "", "")
	err := flags.Parse(args)
	if err == nil && flags.NArg() > 0 {
		err = errors.New("nethelper takes --policy FILE and --audit FILE: to debug by hand, run nethelperctl")
	}
	if err == nil {
		err = errors.Join(absolute(&a.policy), absolute(&a.audit))
	}
	if err != nil {
		return arguments{}, usageError{err}
	}
	return a, nil
}

// noArguments refuses arguments, and an empty name, which no honest caller gives.
func noArguments() error {
	if len(os.Args) == 1 && os.Args[0] != "" {
		return nil
	}
	return errors.New("a helper that gained privilege takes no arguments: its policy is " + policy.Path)
}

// absolute completes a path, before the helper leaves the working directory.
func absolute(path *string) error {
	if *path == "" || *path == "-" {
		return nil
	}
	full, err := filepath.Abs(*path)
	*path = full
	return err
}
