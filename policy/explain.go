package policy

// An Explain is how much a denial tells the caller. The zero value is what a policy
// that says nothing has.
type Explain int

const (
	// Reason tells the nearest of the caller's own grants, and what it lacks.
	Reason Explain = iota
	// None tells that it is denied.
	None
	// Full tells all of the caller's own grants that come near.
	Full
)

var explains = map[string]Explain{"none": None, "reason": Reason, "full": Full}

// explain reads explain none|reason|full, which stands once.
func (p *parser) explain(st []word) {
	if len(st) != 2 {
		p.errorf(st[0].at, "want explain none, explain reason or explain full")
		return
	}
	e, ok := explains[st[1].text]
	switch {
	case !ok:
		p.errorf(st[1].at, "%q: want none, reason or full", st[1].text)
	case p.explained != (Position{}):
		p.errorf(st[0].at, "how much is explained is said at %s already", p.explained.line())
	default:
		p.policy.explain, p.explained = e, st[0].at
	}
}

// Explain returns how much a denial tells the caller.
func (p *Policy) Explain() Explain { return p.explain }
