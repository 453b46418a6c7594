package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"

	"nethelper/internal/review"
	"nethelper/pkg/ops"
	"nethelper/policy"
)

func checkFlags(o *options, fs *flag.FlagSet) {
	fs.BoolVar(&o.sarif, "sarif", false, "print SARIF")
	fs.BoolVar(&o.strict, "strict", false, "fail on findings")
	fs.BoolVar(&o.auditMode, "allow-audit-mode", false, "accept a permissive policy")
}

// errFindings is the error of a policy that can be used, and has findings.
var errFindings = errors.New("there are findings")

// policyCheck says what is wrong with a policy, which is an error, and what in it
// may not be meant, which is one with --strict.
func (c *ctl) policyCheck(args []string) error {
	if len(args) > 2 {
		return usageErrorf("policy check: want [FILE [DIR]]")
	}
	file, dir := policy.Path, ""
	if len(args) > 0 {
		file = args[0]
	}
	if len(args) > 1 {
		dir = args[1]
	}
	p, _, err := readPolicy(file, dir)
	var faults policy.Errors
	if err != nil && !errors.As(err, &faults) {
		return err
	}
	var findings []review.Finding
	if err == nil {
		findings = review.Lint(p, ops.Schema(), keeps)
		if !c.auditMode {
			faults = permissive(p)
		}
	}
	if err := c.printFindings(findings, faults); err != nil {
		return err
	}
	switch {
	case faults != nil && (c.json || c.sarif):
		return reported{faults}
	case faults != nil:
		return faults
	case c.strict && len(findings) > 0:
		return reported{errFindings}
	}
	return nil
}

// permissive is what is wrong with a policy that allows everything to somebody.
func permissive(p *policy.Policy) (faults policy.Errors) {
	for _, g := range p.Permissive() {
		faults = append(faults, policy.Error{At: g.At(), Reason: g.String() + ": everything is allowed; --allow-audit-mode accepts that"})
	}
	return faults
}

// keeps says what power a helper keeps for an operation beyond what most take.
func keeps(name string) string {
	op := ops.Lookup(name)
	switch {
	case op.Root:
		return "uid 0 and CAP_SYS_ADMIN"
	case len(op.Caps) > 0 && op.Caps[0] != ops.NetAdmin:
		return string(op.Caps[0])
	}
	return ""
}

func (c *ctl) printFindings(findings []review.Finding, faults policy.Errors) error {
	switch {
	case c.sarif:
		return c.printJSON(sarifOf(findings, faults))
	case c.json:
		return c.printJSON(checked{Errors: faultsJSON(faults), Findings: findingsJSON(findings)})
	}
	for _, f := range findings {
		if _, err := fmt.Fprintf(c.stdout, "%s: %s: %s; %s\n", c.place(f.At.String()), c.finding(f.Code), f.Message, f.Remedy); err != nil {
			return err
		}
	}
	return nil
}

// A checked is what was found in a policy, for programs.
type checked struct {
	Errors   []faultJSON   `json:"errors"`
	Findings []findingJSON `json:"findings"`
}

type faultJSON struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Reason string `json:"reason"`
}

type findingJSON struct {
	Code    string `json:"code"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
	Remedy  string `json:"remedy"`
}

func faultsJSON(faults policy.Errors) []faultJSON {
	all := []faultJSON{}
	for _, f := range faults {
		all = append(all, faultJSON{f.At.File, f.At.Line, f.At.Column, f.Reason})
	}
	return all
}

func findingsJSON(findings []review.Finding) []findingJSON {
	all := []findingJSON{}
	for _, f := range findings {
		all = append(all, findingJSON{f.Code, f.At.File, f.At.Line, f.At.Column, f.Message, f.Remedy})
	}
	return all
}

// printJSON prints a value of this command's own as one line.
func (c *ctl) printJSON(v any) error {
	encoder := json.NewEncoder(c.stdout)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
