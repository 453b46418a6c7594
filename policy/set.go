package policy

import (
	"fmt"
	"slices"
	"strings"
)

const (
	// maxAlternatives bounds what a list can come to when its sets are written out.
	maxAlternatives = 4096
	// maxWritten bounds what all lists can come to.
	maxWritten = 1 << 18
)

// An alternative is one of the values, patterns or operations of a list.
type alternative struct {
	text string
	at   Position
	// set tells the set that it came from, for errors.
	set string
}

// A set is a list with a name.
type set struct {
	words []word
	at    Position
	used  bool
}

// A NamedSet is a set of which the name matters.
type NamedSet struct {
	Name string
	At   Position
}

// unused returns the sets that no statement uses, in the order of the text.
func (p *parser) unused(sources []Source) []NamedSet {
	var unused []NamedSet
	for name, s := range p.sets {
		if !s.used {
			unused = append(unused, NamedSet{name, s.at})
		}
	}
	order := textOrder(sources)
	slices.SortFunc(unused, func(a, b NamedSet) int { return order(a.At, b.At) })
	return unused
}

// set reads set @NAME = ALTERNATIVE,...
func (p *parser) set(st []word) {
	if len(st) != 4 || st[2].text != "=" {
		p.errorf(st[0].at, "want set @NAME = ALTERNATIVE,...")
		return
	}
	name, ok := strings.CutPrefix(st[1].text, "@")
	if !ok || !madeOf(name, nameBytes) {
		p.errorf(st[1].at, "%q: want the name of a set: @ and letters, digits, _ or -", st[1].text)
		return
	}
	if other, there := p.sets[name]; there {
		p.errorf(st[1].at, "@%s is set at %s already", name, other.at.line())
		return
	}
	s := set{at: st[1].at}
	for _, w := range p.split(st[3]) {
		if strings.HasPrefix(w.text, "@") {
			p.errorf(w.at, "%q: a set holds no sets", w.text)
			continue
		}
		s.words = append(s.words, w)
	}
	p.sets[name] = s
}

// alternatives splits a list and writes its sets out.
func (p *parser) alternatives(list word) []alternative {
	var found []alternative
	for _, w := range p.split(list) {
		name, isSet := strings.CutPrefix(w.text, "@")
		if !isSet {
			found = append(found, alternative{text: w.text, at: w.at})
			continue
		}
		s, there := p.sets[name]
		if !there {
			p.errorf(w.at, "%q: no such set", w.text)
			continue
		}
		s.used = true
		p.sets[name] = s
		for _, member := range s.words {
			found = append(found, alternative{member.text, w.at, fmt.Sprintf(" (in @%s, %s)", name, s.at.line())})
		}
	}
	p.written += len(found)
	switch {
	case len(found) > maxAlternatives:
		p.errorf(list.at, "%d alternatives, the limit is %d", len(found), maxAlternatives)
		return nil
	case p.written > maxWritten:
		if p.written-len(found) <= maxWritten {
			p.errorf(list.at, "%d alternatives up to here in all grants, the limit is %d", p.written, maxWritten)
		}
		return nil
	}
	return found
}
