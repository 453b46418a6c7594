package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"nethelper/internal/audit"
	"nethelper/policy"
)

// errOtherwise is the error of a policy that decides otherwise than is recorded.
var errOtherwise = errors.New("some requests would be decided otherwise")

// policyReplay decides again on what is recorded, under another policy, and prints
// what comes out otherwise.
func (c *ctl) policyReplay(args []string) error {
	if len(args) < 2 || len(args) > 3 {
		return usageErrorf("policy replay: want LOG FILE [DIR]")
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
	played, err := c.readLog(log)
	if err != nil {
		return err
	}
	return c.printReplay(p, played)
}

// openLog opens a log; - is standard input.
func (c *ctl) openLog(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(c.stdin), nil
	}
	return os.Open(name)
}

// A played is a request that is on record, perhaps several times.
type played struct {
	principal policy.Principal
	call      string
	allowed   bool
	times     int
	first     int // which of the log's it is
}

// callerOf returns who made a request, of whom the helper's start record has the
// supplementary groups.
func callerOf(r *audit.Record, groups []uint32) policy.Principal {
	return policy.Principal{UID: r.UID, GIDs: append([]uint32{r.GID}, groups...)}
}

// readLog sorts the decisions of a log. Who the caller of a helper is, with all
// groups, the helper's first record tells. What a quota denied counts as allowed: what
// there was then is not on record.
func (c *ctl) readLog(log io.Reader) ([]*played, error) {
	groups := make(map[int][]uint32)
	all := make(map[string]*played)
	for r, err := range audit.Read(log) {
		if err != nil {
			c.warn("%v", err)
			continue
		}
		switch {
		case r.Event == audit.Start:
			groups[r.Helper] = r.Groups
		case r.Event == audit.Decide && r.Call != "":
			covered := r.Verdict == audit.Allow || r.Verdict == audit.Deny && r.Attr == policy.Quota
			key := fmt.Sprint(r.UID, r.GID, groups[r.Helper], covered, " ", r.Call)
			if all[key] == nil {
				all[key] = &played{principal: callerOf(&r, groups[r.Helper]), call: r.Call, allowed: covered, first: len(all)}
			}
			all[key].times++
		}
	}
	sorted := make([]*played, 0, len(all))
	for _, p := range all {
		sorted = append(sorted, p)
	}
	slices.SortFunc(sorted, func(a, b *played) int { return cmp.Compare(a.first, b.first) })
	return sorted, nil
}

func (c *ctl) printReplay(p *policy.Policy, all []*played) error {
	result := replayed{Otherwise: []otherwise{}, Unreadable: []string{}}
	for _, play := range all {
		r, err := parseRequest(strings.Fields(play.call))
		if err != nil {
			result.Unreadable = append(result.Unreadable, play.call)
			continue
		}
		result.Requests += play.times
		d := p.Decide(policy.Request{Principal: play.principal, Op: r.op.Name, Attrs: r.op.Call(r.params).Attrs}).WithRoom()
		if d.Allowed() != play.allowed {
			result.Otherwise = append(result.Otherwise, otherwise{play.times, play.principal.UID, play.call, d.String()})
		}
	}
	if err := c.printReplayed(result); err != nil {
		return err
	}
	if len(result.Otherwise)+len(result.Unreadable) > 0 {
		return reported{errOtherwise}
	}
	return nil
}

// A replayed is what became of a log.
type replayed struct {
	Requests   int         `json:"requests"`
	Otherwise  []otherwise `json:"otherwise"`
	Unreadable []string    `json:"unreadable"`
}

// An otherwise is a request that comes out otherwise now.
type otherwise struct {
	Times    int    `json:"times"`
	UID      uint32 `json:"uid"`
	Call     string `json:"call"`
	Decision string `json:"decision"`
}

func (c *ctl) printReplayed(r replayed) error {
	if c.json {
		return c.printJSON(r)
	}
	for _, o := range r.Otherwise {
		if _, err := fmt.Fprintf(c.stdout, "%dx uid:%d %s\n    now %s\n", o.Times, o.UID, c.place(printable(o.Call)), c.finding(o.Decision)); err != nil {
			return err
		}
	}
	for _, call := range r.Unreadable {
		if _, err := fmt.Fprintf(c.stdout, "%s\n    is no request any more\n", printable(call)); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(c.stdout, "%d requests, %d of them different and decided otherwise\n", r.Requests, len(r.Otherwise))
	return err
}
