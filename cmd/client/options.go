package main

import (
	"flag"
	"io"
	"os"
	"time"
)

// options are the flags.
type options struct {
	json, trace, keepGoing      bool
	sarif, strict, auditMode    bool // of policy check
	write                       bool // of policy fmt
	record                      int  // of policy explain
	helper, policy, audit, file string
	from                        string // of policy import
	timeout                     time.Duration
	id                          uint64
}

// flags returns the flags, bound to the options. The environment gives defaults;
// this command is unprivileged, and the helper itself reads no variable.
func (o *options) flags() *flag.FlagSet {
	fs := flag.NewFlagSet("nethelperctl", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.BoolVar(&o.json, "json", false, "print JSON")
	fs.BoolVar(&o.trace, "trace", false, "show each message on standard error")
	fs.BoolVar(&o.keepGoing, "keep-going", false, "go on after a request that failed")
	fs.StringVar(&o.file, "f", "", "carry out the requests in a file")
	fs.StringVar(&o.helper, "helper", os.Getenv("NETHELPER"), "program of the helper")
	fs.StringVar(&o.policy, "policy", os.Getenv("NETHELPER_POLICY"), "policy of an unprivileged helper")
	fs.StringVar(&o.audit, "audit", os.Getenv("NETHELPER_AUDIT"), "audit file of an unprivileged helper")
	fs.DurationVar(&o.timeout, "timeout", 0, "how long to wait for an answer")
	fs.Uint64Var(&o.id, "id", 1, "id of the first request to encode")
	return fs
}

// parse reads the flags, which may stand before, between and behind the words,
// but not behind --. Those of a policy tool may stand behind its name.
func (o *options) parse(args []string) (words []string, err error) {
	fs := o.flags()
	var tool *policyTool
	for {
		if len(words) == 2 && words[0] == "policy" && tool == nil {
			if tool = policyToolNamed(words[1]); tool != nil && tool.flags != nil {
				tool.flags(o, fs)
			}
		}
		if err := fs.Parse(args); err != nil {
			return nil, err
		}
		rest := fs.Args()
		if n := len(args) - len(rest); n > 0 && args[n-1] == "--" {
			return append(words, rest...), nil
		}
		if len(rest) == 0 {
			return words, nil
		}
		words, args = append(words, rest[0]), rest[1:]
	}
}
