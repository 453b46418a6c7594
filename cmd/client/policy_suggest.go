package main

import (
	"fmt"
	"strings"

	"nethelper/internal/review"
	"nethelper/pkg/ops"
	"nethelper/policy"
)

// policySuggest writes a policy out of what is on record as done, and makes sure
// that it allows all of it.
func (c *ctl) policySuggest(args []string) error {
	if len(args) != 1 {
		return usageErrorf("policy suggest: want LOG")
	}
	log, err := c.openLog(args[0])
	if err != nil {
		return err
	}
	defer log.Close()
	all, err := c.readLog(log)
	if err != nil {
		return err
	}
	var asked []review.Asked
	for _, play := range all {
		if !play.allowed {
			continue
		}
		r, err := parseRequest(strings.Fields(play.call))
		if err != nil {
			c.warn("%s is no request any more: %v", printable(play.call), err)
			continue
		}
		asked = append(asked, review.Asked{Who: policy.Who{ID: play.principal.UID}, GIDs: play.principal.GIDs, Op: r.op.Name, Attrs: r.op.Call(r.params).Attrs})
	}
	text := review.Suggest(asked, ops.Schema())
	p, err := policy.Parse([]policy.Source{{Name: "suggestion", Text: []byte(text + "\n")}}, ops.Schema(), nil)
	if err != nil {
		return err
	}
	for _, a := range asked {
		if d := p.Decide(policy.Request{Principal: policy.Principal{UID: a.Who.ID}, Op: a.Op, Attrs: a.Attrs}); !d.Allowed() {
			return fmt.Errorf("the suggestion does not allow %s: %s", a.Op, d)
		}
	}
	_, err = c.stdout.WriteString(text)
	return err
}
