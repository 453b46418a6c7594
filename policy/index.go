package policy

import (
	"iter"
	"slices"

	"nethelper/pkg/attr"
)

// A ruleset is the rules of one operation, in the order of the text, and which of
// them to look at for a request.
type ruleset struct {
	rules []rule
	// limited are those of grants with a quota, which are looked at behind the others.
	limited []rule
	// by is the attribute that the rules are told apart by, or "" if none does it
	// well. Each of its patterns begins with a text of its own, its head.
	by       string
	heads    map[string][]int // rules, by the heads of their patterns
	lengths  []int            // of the heads
	headless []int            // rules that have a pattern without, or do not need the attribute
}

func (s *ruleset) add(r rule) {
	if r.grant.Max > 0 {
		s.limited = append(s.limited, r)
	} else {
		s.rules = append(s.rules, r)
	}
}

// all yields the rules, those with a quota behind the others.
func (s *ruleset) all() iter.Seq[*rule] {
	return func(yield func(*rule) bool) {
		for _, rules := range [][]rule{s.rules, s.limited} {
			for i := range rules {
				if !yield(&rules[i]) {
					return
				}
			}
		}
	}
}

// findLimited returns the grants with a quota that are for the principal and admit
// the attributes.
func (s *ruleset) findLimited(who Principal, attrs []attr.Binding) (grants []*Grant) {
	for i := range s.limited {
		if s.limited[i].allows(who, attrs) {
			grants = append(grants, s.limited[i].grant)
		}
	}
	return grants
}

// few is how many rules are looked through without being told apart.
const few = 16

// index finds the attribute that tells the rules apart best.
func (s *ruleset) index() {
	if len(s.rules) <= few {
		return
	}
	best := 0
	seen := make(map[string]bool)
	for _, r := range s.rules {
		for i := range r.grant.Constraints {
			name := r.grant.Constraints[i].Attr
			if seen[name] {
				continue
			}
			seen[name] = true
			if other := s.indexedBy(name); len(other.heads) > best {
				best = len(other.heads)
				s.by, s.heads, s.lengths, s.headless = other.by, other.heads, other.lengths, other.headless
			}
		}
	}
}

// indexedBy tells the rules apart by an attribute.
func (s *ruleset) indexedBy(name string) ruleset {
	t := ruleset{by: name, heads: make(map[string][]int)}
	lengths := make(map[int]bool)
	for i, r := range s.rules {
		heads, ok := r.heads(name)
		if !ok {
			t.headless = append(t.headless, i)
			continue
		}
		for _, h := range heads {
			if of := t.heads[h]; len(of) == 0 || of[len(of)-1] != i {
				t.heads[h] = append(of, i)
			}
			if !lengths[len(h)] {
				lengths[len(h)] = true
				t.lengths = append(t.lengths, len(h))
			}
		}
	}
	return t
}

// heads returns the heads of the patterns for an attribute, if each has one and the
// attribute has to be there.
func (r *rule) heads(name string) (heads []string, ok bool) {
	i := slices.IndexFunc(r.needs, func(c *Constraint) bool { return c.Attr == name })
	if i < 0 {
		return nil, false
	}
	for _, p := range r.needs[i].Patterns {
		h := attr.Head(p)
		if h == "" {
			return nil, false
		}
		heads = append(heads, h)
	}
	return heads, true
}

// find returns the first rule that is for the principal and admits the attributes,
// or nil.
func (s *ruleset) find(who Principal, attrs []attr.Binding) *Grant {
	if s.by == "" {
		for i := range s.rules {
			if s.rules[i].allows(who, attrs) {
				return s.rules[i].grant
			}
		}
		return nil
	}
	first := s.first(s.headless, len(s.rules), who, attrs)
	for i := range attrs {
		if attrs[i].Field.Name != s.by || attrs[i].Value == nil {
			continue
		}
		text := attrs[i].Value.String()
		for _, n := range s.lengths {
			if n <= len(text) {
				first = s.first(s.heads[text[:n]], first, who, attrs)
			}
		}
		break
	}
	if first == len(s.rules) {
		return nil
	}
	return s.rules[first].grant
}

// first returns the first of some rules that allows, if that is before another.
func (s *ruleset) first(of []int, before int, who Principal, attrs []attr.Binding) int {
	for _, i := range of {
		if i >= before {
			break
		}
		if s.rules[i].allows(who, attrs) {
			return i
		}
	}
	return before
}
