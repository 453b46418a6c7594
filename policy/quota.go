package policy

import (
	"fmt"
	"slices"
	"strconv"

	"nethelper/pkg/attr"
)

// Quota is the word that gives a grant a quota: max=NUMBER.
const Quota = "max"

// quota reads max=NUMBER, which is about how many objects there are and not about
// an attribute.
func (p *parser) quota(g *Grant, w word) {
	text := w.text[len(Quota)+1:]
	n, err := strconv.ParseUint(text, 10, 32)
	switch {
	case g.Max != 0:
		p.errorf(w.at, "%s is given twice", Quota)
		return
	case err != nil || n == 0 || strconv.FormatUint(n, 10) != text:
		p.errorf(w.at, "%q: want %s=NUMBER, from 1 to 4294967295", w.text, Quota)
		return
	}
	g.Max = uint32(n)
	for _, op := range g.Ops {
		if !p.schema[op].Counted {
			p.errorf(w.at, "%s: %s makes nothing that is counted", Quota, op)
		}
	}
}

// Usage tells how many objects there are of those that the grant can make, and how
// many the request would add.
type Usage func(*Grant) (used, more uint32, err error)

// Settle decides by what there is whether a grant with a quota allows the request.
// A decision that waits for none stays as it is.
func (d Decision) Settle(usage Usage) (Decision, error) {
	if len(d.Limited) == 0 {
		return d, nil
	}
	full := Decision{Grant: d.otherwise}
	for _, g := range d.Limited {
		used, more, err := usage(g)
		if err != nil {
			return Decision{}, err
		}
		if uint64(used)+uint64(more) <= uint64(g.Max) {
			return Decision{Grant: g}, nil
		}
		full.Misses = append(full.Misses, Miss{Grant: g, Attr: Quota, Used: used, Reason: fmt.Sprintf("%d of %d are there", used, g.Max)})
	}
	return full, nil
}

// WithRoom is the decision if no quota were used up: what can be said without a
// look at what there is.
func (d Decision) WithRoom() Decision {
	if len(d.Limited) > 0 {
		return Decision{Grant: d.Limited[0]}
	}
	return d
}

// Describes reports whether an object could have come to be by a request that the
// grant, whoever asks, covers: whether it has what such a request cannot leave out,
// and nothing that such a request cannot give. What is not to be seen counts as
// admitted.
func (p *Policy) Describes(g *Grant, op string, object attr.Object) bool {
	rules := p.rules[op]
	if rules == nil {
		return false
	}
	i := slices.IndexFunc(rules.limited, func(r rule) bool { return r.grant == g })
	if i < 0 {
		return false
	}
	for k := range g.Constraints {
		c := &g.Constraints[k]
		trait, shown := object(c.Attr)
		needed := slices.Contains(rules.limited[i].needs, c)
		switch {
		case !shown:
		case needed && (trait.Value == nil || !c.Match(trait.Value)):
			return false
		case !needed && trait.Given && trait.Value != nil && !c.Match(trait.Value):
			return false
		}
	}
	return true
}
