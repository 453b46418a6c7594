package review

import "slices"

// A part is a set of what can stand along one axis of a space.
type part interface {
	empty() bool
	and(part) part
	// minus returns what is in the part and not in another, in pieces of which none
	// is empty. The other is that of a grant.
	minus(part) []part
}

// A bitset is a part of a list: those whose bits are set.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) add(i int)      { b[i/64] |= 1 << (i % 64) }
func (b bitset) has(i int) bool { return b[i/64]&(1<<(i%64)) != 0 }

func (b bitset) empty() bool { return !slices.ContainsFunc(b, func(w uint64) bool { return w != 0 }) }

func (b bitset) meets(other bitset) bool {
	for i := range b {
		if b[i]&other[i] != 0 {
			return true
		}
	}
	return false
}

func (b bitset) and(p part) part {
	return b.with(p.(bitset), func(x, y uint64) uint64 { return x & y })
}

func (b bitset) without(other bitset) bitset {
	return b.with(other, func(x, y uint64) uint64 { return x &^ y })
}

func (b bitset) minus(p part) []part {
	if rest := b.without(p.(bitset)); !rest.empty() {
		return []part{rest}
	}
	return nil
}

func (b bitset) with(other bitset, f func(x, y uint64) uint64) bitset {
	c := make(bitset, len(b))
	for i := range b {
		c[i] = f(b[i], other[i])
	}
	return c
}

// Sequences is a set of what a repeated group can be: of sequences whose elements
// are all in one set, and of which some are in others.
type sequences struct {
	all  bitset
	some []bitset
	none bool // the group may be left out
}

func (s sequences) empty() bool { return !s.none && !s.longer() }

// longer reports whether there are sequences of one element or more.
func (s sequences) longer() bool {
	return !s.all.empty() && !slices.ContainsFunc(s.some, func(b bitset) bool { return !s.all.meets(b) })
}

func (s sequences) and(p part) part {
	o := p.(sequences)
	c := sequences{all: s.all.and(o.all).(bitset), none: s.none && o.none}
	c.some = append(append(c.some, s.some...), o.some...)
	return c
}

// minus: not all elements of a sequence are in the other's set if one of them is
// without.
func (s sequences) minus(p part) []part {
	o := p.(sequences)
	var pieces []part
	if s.none && !o.none {
		pieces = append(pieces, sequences{all: newBitset(64 * len(s.all)), none: true})
	}
	rest := sequences{all: s.all, some: append(s.some[:len(s.some):len(s.some)], s.all.without(o.all))}
	if rest.longer() {
		pieces = append(pieces, rest)
	}
	return pieces
}
