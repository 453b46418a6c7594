package main

import (
	"flag"
	"fmt"
	"slices"
	"strings"

	"nethelper/internal/trust"
	"nethelper/pkg/ops"
	"nethelper/policy"
)

// A policyTool is a command about policies, which all ask the evaluator that the
// helper asks.
type policyTool struct {
	name  string
	usage string // what stands behind the name
	about string
	run   func(c *ctl, args []string) error
	// flags, which may be nil, adds the flags that no other command takes.
	flags func(o *options, fs *flag.FlagSet)
	// complete may be nil.
	complete func(args []string, last string) []string
}

// policyTools is a function because some of the tools look at it.
func policyTools() []policyTool {
	return []policyTool{
		{"check", "[FILE [DIR]]", "whether a policy can be used, and what in it may not be meant", (*ctl).policyCheck, checkFlags, nil},
		{"explain", "FILE PRINCIPAL OPERATION [ATTRIBUTE=VALUE]... or --record LINE LOG FILE [DIR]", "what a policy decides, and why", (*ctl).policyExplain, explainFlags, completeExplain},
		{"who", "FILE OPERATION [ATTRIBUTE=VALUE]...", "who may do it, where what is not given may be anything", (*ctl).policyWho, nil, completeWho},
		{"list", "FILE PRINCIPAL", "what a principal may do", (*ctl).policyList, nil, completeList},
		{"diff", "OLD NEW", "what a change of a policy allows and denies", (*ctl).policyDiff, nil, nil},
		{"test", "FILE EXPECTATIONS...", "whether expectations hold, and which grants they are about", (*ctl).policyTest, nil, nil},
		{"replay", "LOG FILE [DIR]", "which recorded requests a policy decides otherwise", (*ctl).policyReplay, nil, nil},
		{"fmt", "[-w] FILE", "the policy in its one form", (*ctl).policyFormat, formatFlags, nil},
		{"import", "--from rootwrap|sudoers|lxc-usernet|bridge.conf FILE", "what another program let a service do, and grants in its place", (*ctl).policyImport, importFlags, nil},
		{"report", "FILE [OLD]", "a page about the policy, in HTML, and about what it changes", (*ctl).policyReport, nil, nil},
		{"suggest", "LOG", "a policy that allows what is on record as allowed", (*ctl).policySuggest, nil, nil},
	}
}

// policyToolNamed returns the tool, or nil.
func policyToolNamed(name string) *policyTool {
	all := policyTools()
	if i := slices.IndexFunc(all, func(t policyTool) bool { return t.name == name }); i >= 0 {
		return &all[i]
	}
	return nil
}

func (c *ctl) policyCommand(args []string) error {
	var names []string
	for _, t := range policyTools() {
		names = append(names, t.name)
	}
	if len(args) > 0 {
		if t := policyToolNamed(args[0]); t != nil {
			return t.run(c, args[1:])
		}
	}
	return &usageError{reason: "policy: want " + strings.Join(names, ", "), usage: policyUsage()}
}

// policyUsage tells what the tools take.
func policyUsage() string {
	var b strings.Builder
	for _, t := range policyTools() {
		fmt.Fprintf(&b, "    nethelperctl policy %s %s\n        %s\n", t.name, t.usage, t.about)
	}
	return b.String()
}

func completePolicy(args []string, last string) []string {
	if len(args) == 0 {
		var names []string
		for _, t := range policyTools() {
			names = append(names, t.name)
		}
		return names
	}
	if t := policyToolNamed(args[0]); t != nil && t.complete != nil {
		return t.complete(args[1:], last)
	}
	return nil
}

var principalKinds = []string{"user:", "uid:", "group:", "gid:"}

// readPolicy reads a policy and the accounts that are named in it. That in force is
// read as the helper reads it; any other may belong to anybody.
func readPolicy(file, dir string) (*policy.Policy, *policy.Accounts, error) {
	accounts, err := policy.ReadUntrustedAccounts()
	if err != nil {
		return nil, nil, err
	}
	var sources []policy.Source
	if file == policy.Path && dir == "" {
		sources, _, err = policy.Open(file, policy.DropInDir, trust.Root())
	} else {
		sources, err = policy.ReadUntrusted(file, dir)
	}
	if err != nil {
		return nil, nil, err
	}
	p, err := policy.Parse(sources, ops.Schema(), accounts)
	return p, accounts, err
}
