package main

import (
	"fmt"
	"strings"

	"nethelper/internal/trust"
	"nethelper/pkg/ops"
	"nethelper/pkg/protocol"
	"nethelper/policy"
)

// policyCommand checks a policy, or explains what it decides, by the evaluator
// that enforces.
func (c *ctl) policyCommand(args []string) error {
	switch {
	case len(args) > 0 && len(args) <= 3 && args[0] == "check":
		return c.policyCheck(args[1:])
	case len(args) > 3 && args[0] == "explain":
		return c.policyExplain(args[1], args[2], args[3:])
	}
	return usageErrorf("policy: want check [FILE [DIR]], or explain FILE PRINCIPAL OPERATION [ATTRIBUTE=VALUE]...")
}

// policyCheck says what is wrong with a policy.
func (c *ctl) policyCheck(args []string) error {
	file, dir := policy.Path, ""
	if len(args) > 0 {
		file = args[0]
	}
	if len(args) > 1 {
		dir = args[1]
	}
	accounts, err := policy.ReadUntrustedAccounts()
	if err != nil {
		return err
	}
	_, err = parsePolicy(file, dir, accounts)
	return err
}

// policyExplain prints a decision in the form of a conformance case and, where it
// is to deny, what the nearest grants lack.
func (c *ctl) policyExplain(file, who string, words []string) error {
	accounts, err := policy.ReadUntrustedAccounts()
	if err != nil {
		return err
	}
	p, err := parsePolicy(file, "", accounts)
	if err != nil {
		return err
	}
	principal, err := policy.ParsePrincipal(who, accounts)
	if err != nil {
		return usageErrorf("%v", err)
	}
	r, err := parseRequest(words)
	if err != nil {
		return err
	}
	call := r.op.Call(r.params)
	d := p.Decide(policy.Request{Principal: principal, Op: r.op.Name, Attrs: call.Attrs})
	if d.Allowed() {
		_, err := fmt.Fprintf(c.stdout, "allow %s %s %s\n", d.Grant.Place(), who, call)
		return err
	}
	if _, err := fmt.Fprintf(c.stdout, "deny %s %s\n%s", who, call, missed(d)); err != nil {
		return err
	}
	return reported{&protocol.Error{Code: protocol.Denied}}
}

// missed returns what the nearest grants lack, as comments.
func missed(d policy.Decision) string {
	if len(d.Misses) == 0 {
		return "# no grant of the operation to the principal\n"
	}
	var b strings.Builder
	for _, m := range d.Misses {
		b.WriteString("# " + m.String() + "\n")
	}
	return b.String()
}

// parsePolicy reads a policy. That in force is read as the helper reads it; any
// other may belong to anybody.
func parsePolicy(file, dir string, accounts *policy.Accounts) (*policy.Policy, error) {
	var (
		sources []policy.Source
		err     error
	)
	if file == policy.Path && dir == "" {
		sources, _, err = policy.Open(file, policy.DropInDir, trust.Root())
	} else {
		sources, err = policy.ReadUntrusted(file, dir)
	}
	if err != nil {
		return nil, err
	}
	return policy.Parse(sources, ops.Schema(), accounts)
}
