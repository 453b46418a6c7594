package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits are what a caller's helpers may take of the machine.
type Limits struct {
	// Helpers is how many of them may run at a time.
	Helpers int
	// Idle is after how long without a request a helper ends; 0 is never.
	Idle time.Duration
	// Read is how long a request may take to arrive once it has begun to, Write how
	// long the caller may take to read an answer.
	Read, Write time.Duration
	// Memory is how many bytes of memory a helper may take for its data.
	Memory uint64
}

// DefaultLimits are those of whom the policy says nothing. A helper that serves many
// threads of a service is one, so there are enough; one that is idle costs as good
// as nothing, so it stays.
var DefaultLimits = Limits{Helpers: 16, Read: 30 * time.Second, Write: 30 * time.Second, Memory: 64 << 20}

// A Limit is what a policy says of the limits of some principals. Zero values are
// those of which it says nothing.
type Limit struct {
	Who []Who
	Limits
	// Never says that helpers are never to end for want of requests.
	Never bool

	words []string
	at    Position
}

// String returns the statement in canonical spelling.
func (l *Limit) String() string {
	var who []string
	for _, w := range l.Who {
		who = append(who, w.String())
	}
	return "limit " + strings.Join(who, ",") + " " + strings.Join(l.words, " ")
}

// Place returns where the statement is, such as policy:12.
func (l *Limit) Place() string { return l.at.line() }

// Limits returns what the policy says of limits, in the order of the text.
func (p *Policy) Limits() []*Limit { return p.limits }

// LimitsFor returns the limits of a principal: of what several statements say of one
// limit, what allows most.
func (p *Policy) LimitsFor(who Principal) Limits {
	var said Limits
	never := false
	for _, l := range p.limits {
		if !slices.ContainsFunc(l.Who, func(w Who) bool { return w.Covers(who) }) {
			continue
		}
		said = Limits{
			Helpers: max(said.Helpers, l.Helpers), Idle: max(said.Idle, l.Idle),
			Read: max(said.Read, l.Read), Write: max(said.Write, l.Write), Memory: max(said.Memory, l.Memory),
		}
		never = never || l.Never
	}
	d := DefaultLimits
	said = Limits{
		Helpers: cmp.Or(said.Helpers, d.Helpers), Idle: cmp.Or(said.Idle, d.Idle),
		Read: cmp.Or(said.Read, d.Read), Write: cmp.Or(said.Write, d.Write), Memory: cmp.Or(said.Memory, d.Memory),
	}
	if never {
		said.Idle = 0
	}
	return said
}

// String returns the limits in words, for people.
func (l Limits) String() string {
	idle := never
	if l.Idle > 0 {
		idle = l.Idle.String()
	}
	return fmt.Sprintf("helpers=%d idle=%s read=%s write=%s memory=%dMiB", l.Helpers, idle, l.Read, l.Write, l.Memory>>20)
}

// never is the time that does not come.
const never = "never"

// limit reads limit PRINCIPAL,... NAME=VALUE...
func (p *parser) limit(st []word) {
	if len(st) < 3 {
		p.errorf(st[0].at, "want limit PRINCIPAL,... and helpers=, idle=, read=, write= or memory=")
		return
	}
	faults := len(p.errs)
	l := &Limit{Who: p.principals(st[1]), at: st[0].at}
	var seen []string
	for _, w := range st[2:] {
		name, text, _ := strings.Cut(w.text, "=")
		if slices.Contains(seen, name) {
			p.errorf(w.at, "%s is limited twice", name)
			continue
		}
		seen = append(seen, name)
		if err := l.set(name, text); err != nil {
			p.errorf(w.at, "%v", err)
			continue
		}
		l.words = append(l.words, w.text)
	}
	if len(p.errs) > faults {
		return
	}
	slices.Sort(l.words)
	p.policy.limits = append(p.policy.limits, l)
}

// set reads one limit.
func (l *Limit) set(name, text string) (err error) {
	switch name {
	case "helpers":
		var n uint64
		n, err = bounded(name, text, 1, 1024, nil)
		l.Helpers = int(n)
	case "idle":
		if text == never {
			l.Never = true
			return nil
		}
		if l.Idle, err = duration(name, text, 24*time.Hour); err != nil {
			err = fmt.Errorf("%w, or %s", err, never)
		}
	case "read":
		l.Read, err = duration(name, text, time.Hour)
	case "write":
		l.Write, err = duration(name, text, time.Hour)
	case "memory":
		l.Memory, err = bounded(name, text, 16<<20, 4<<30, []unit{{"MiB", 1 << 20}, {"GiB", 1 << 30}})
	default:
		return fmt.Errorf("%q: want helpers=, idle=, read=, write= or memory=", name)
	}
	return err
}

// A unit is a word behind a number, and what it multiplies it by.
type unit struct {
	word string
	by   uint64
}

var times = []unit{{"s", uint64(time.Second)}, {"m", uint64(time.Minute)}, {"h", uint64(time.Hour)}}

// duration reads a time of at least a second.
func duration(name, text string, most time.Duration) (time.Duration, error) {
	n, err := bounded(name, text, uint64(time.Second), uint64(most), times)
	return time.Duration(n), err
}

// bounded reads a decimal number in one of the units.
func bounded(name, text string, least, most uint64, units []unit) (uint64, error) {
	by := unit{"", 1}
	for _, u := range units {
		if strings.HasSuffix(text, u.word) {
			by = u
		}
	}
	digits := strings.TrimSuffix(text, by.word)
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil || strconv.FormatUint(n, 10) != digits || len(units) > 0 && by.word == "" || n > most/by.by || n*by.by < least {
		return 0, fmt.Errorf("%s=%s: want %s to %s", name, text, inUnit(least, units), inUnit(most, units))
	}
	return n * by.by, nil
}

// inUnit writes a number in the largest unit that it is a multiple of.
func inUnit(n uint64, units []unit) string {
	for _, u := range slices.Backward(units) {
		if n%u.by == 0 {
			return fmt.Sprintf("%d%s", n/u.by, u.word)
		}
	}
	return strconv.FormatUint(n, 10)
}
