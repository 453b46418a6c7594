package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"nethelper/internal/audit"
	"nethelper/pkg/protocol"
	"nethelper/policy"
)

// policyExplainRecord explains what a policy decides on a request that is on record,
// as the caller's who made it.
func (c *ctl) policyExplainRecord(args []string) error {
	if c.record < 1 || len(args) < 2 || len(args) > 3 {
		return usageErrorf("policy explain: want --record LINE LOG FILE [DIR]")
	}
	dir := ""
	if len(args) == 3 {
		dir = args[2]
	}
	p, _, err := readPolicy(args[1], dir)
	if err != nil {
		return err
	}
	log, err := c.openLog(args[0])
	if err != nil {
		return err
	}
	defer log.Close()
	r, principal, err := recordAt(log, c.record)
	if err != nil {
		return fmt.Errorf("%s:%d: %w", args[0], c.record, err)
	}
	who := fmt.Sprintf("uid:%d", principal.UID)
	if !c.json {
		if _, err := fmt.Fprint(c.stdout, c.comment(fmt.Sprintf("# %s, groups %s: %s\n", r.Time.Format("2006-01-02T15:04:05Z"), idList(principal.GIDs), wasDecided(r)))); err != nil {
			return err
		}
	}
	return c.explainCall(p, who, principal, strings.Fields(r.Call))
}

// recordAt finds the record on a line of a log, and who its caller was.
func recordAt(log io.Reader, line int) (*audit.Record, policy.Principal, error) {
	groups := make(map[int][]uint32)
	for at, err := range audit.Lines(log) {
		switch {
		case at.Number > line:
			return nil, policy.Principal{}, errors.New("an empty line")
		case at.Number == line && err != nil:
			return nil, policy.Principal{}, err
		case err != nil:
		case at.Record.Event == audit.Start:
			groups[at.Record.Helper] = at.Record.Groups
		}
		if at.Number < line {
			continue
		}
		if at.Record.Call == "" {
			return nil, policy.Principal{}, fmt.Errorf("the record is of no request that could be judged (%s)", at.Record.Event)
		}
		return &at.Record, callerOf(&at.Record, groups[at.Record.Helper]), nil
	}
	return nil, policy.Principal{}, errors.New("the log has fewer lines")
}

// wasDecided tells what a record says became of its request.
func wasDecided(r *audit.Record) string {
	what := r.Verdict
	if r.Event == audit.Done {
		what += ", carried out"
	}
	if r.Grant != "" {
		what += " " + r.Grant
	}
	if r.Verdict != audit.Allow || r.Would != "" {
		e := protocol.Error{Code: protocol.Code(r.Code), Errno: r.Errno, Attr: r.Attr, Message: r.Message}
		what += ": " + printable(e.Error())
	}
	return what
}

func idList(ids []uint32) string {
	var words []string
	for _, id := range ids {
		words = append(words, fmt.Sprint(id))
	}
	return strings.Join(words, ",")
}
