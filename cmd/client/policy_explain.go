package main

import (
	"flag"
	"fmt"
	"strings"

	"nethelper/pkg/protocol"
	"nethelper/policy"
)

func explainFlags(o *options, fs *flag.FlagSet) {
	fs.IntVar(&o.record, "record", 0, "line of an audit log with the request")
}

// policyExplain prints a decision in the form of a conformance case and, where it
// is to deny, what the nearest grants lack.
func (c *ctl) policyExplain(args []string) error {
	if c.record != 0 {
		return c.policyExplainRecord(args)
	}
	if len(args) < 3 {
		return usageErrorf("policy explain: want FILE PRINCIPAL OPERATION [ATTRIBUTE=VALUE]...")
	}
	file, who, words := args[0], args[1], args[2:]
	p, accounts, err := readPolicy(file, "")
	if err != nil {
		return err
	}
	principal, err := policy.ParsePrincipal(who, accounts)
	if err != nil {
		return usageErrorf("%v", err)
	}
	return c.explainCall(p, who, principal, words)
}

// explainCall is about a request in the one spelling.
func (c *ctl) explainCall(p *policy.Policy, who string, principal policy.Principal, words []string) error {
	r, err := parseRequest(words)
	if err != nil {
		return err
	}
	call := r.op.Call(r.params)
	d := p.Decide(policy.Request{Principal: principal, Op: r.op.Name, Attrs: call.Attrs}).WithRoom()
	if c.json {
		err = c.printJSON(explained{Who: who, Call: call.String(), Allowed: d.Allowed(), Grant: placeOf(d), Max: maxOf(d), Misses: missesOf(d)})
	} else if d.Covered() {
		_, err = fmt.Fprintf(c.stdout, "%s %s %s %s\n%s", c.good("allow"), d.Grant.Place(), who, call, c.comment(limited(d)))
	} else if d.Allowed() {
		_, err = fmt.Fprintf(c.stdout, "%s %s %s %s\n%s", c.good("allow"), d.Grant.Place(), who, call,
			c.comment(fmt.Sprintf("# %s; else it would be denied:\n%s", d.Grant, missed(d))))
	} else {
		_, err = fmt.Fprintf(c.stdout, "%s %s %s\n%s", c.bad("deny"), who, call, c.comment(missed(d)))
	}
	if err != nil || d.Allowed() {
		return err
	}
	return reported{&protocol.Error{Code: protocol.Denied}}
}

// An explained is a decision for programs.
type explained struct {
	Who     string       `json:"who"`
	Call    string       `json:"call"`
	Allowed bool         `json:"allowed"`
	Grant   string       `json:"grant,omitempty"`
	Max     uint32       `json:"max,omitempty"`
	Misses  []missedJSON `json:"misses,omitempty"`
}

type missedJSON struct {
	Grant  string `json:"grant"`
	Attr   string `json:"attr"`
	Reason string `json:"reason"`
}

func placeOf(d policy.Decision) string {
	if !d.Allowed() {
		return ""
	}
	return d.Grant.Place()
}

// maxOf returns the quota of the grant that allows, or 0.
func maxOf(d policy.Decision) uint32 {
	if !d.Allowed() {
		return 0
	}
	return d.Grant.Max
}

// limited returns what the decision depends on beside the policy, as a comment.
func limited(d policy.Decision) string {
	if d.Grant.Max == 0 {
		return ""
	}
	return fmt.Sprintf("# while no more than %d are there, this one among them\n", d.Grant.Max)
}

func missesOf(d policy.Decision) (misses []missedJSON) {
	for _, m := range d.Misses {
		misses = append(misses, missedJSON{m.Grant.Place(), m.Attr, m.Reason})
	}
	return misses
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

func completeExplain(args []string, last string) []string {
	switch len(args) {
	case 0:
		return nil
	case 1:
		return principalKinds
	}
	return completeRequest(args[2:], last)
}
