package attr

// Atoms returns values of the type that stand for all others as far as the patterns
// can tell: each set of the patterns that match one value, while the rest do not,
// is that of one of these. So a question about the patterns as sets, whether one
// holds another or what is in one and in none of some others, is answered by asking
// it of the atoms. Patterns that are not of the type are taken to match all or
// nothing. The result is false if there would be too many.
func (t *Type) Atoms(patterns []Pattern) ([]Value, bool) {
	all, ok := t.atoms(patterns)
	if !ok {
		return nil, false
	}
	atoms := make([]Value, 0, len(all))
	seen := make(map[Value]bool, len(all))
	for _, v := range all {
		if !seen[v] && v.Check() == nil {
			seen[v] = true
			atoms = append(atoms, v)
		}
	}
	return atoms, true
}

// maxAtoms bounds what Atoms goes through.
const maxAtoms = 1 << 15

// wordAtoms are those of a type whose values are words.
func wordAtoms(words []string, value func(string) Value) func([]Pattern) ([]Value, bool) {
	return func([]Pattern) ([]Value, bool) {
		atoms := make([]Value, len(words))
		for i, w := range words {
			atoms[i] = value(w)
		}
		return atoms, true
	}
}

// atoms are, of a closed type, the values that it has, and else the first of each
// stretch of numbers that no span begins or ends in.
func (n *number[T]) atoms(patterns []Pattern) ([]Value, bool) {
	var atoms []Value
	for _, w := range n.words {
		atoms = append(atoms, w.value)
	}
	if n.closed {
		return atoms, true
	}
	atoms = append(atoms, n.min)
	for _, p := range patterns {
		s, ok := p.(span[T])
		if !ok {
			continue
		}
		atoms = append(atoms, s.lo)
		if s.hi < n.max {
			atoms = append(atoms, s.hi+1)
		}
	}
	return atoms, len(atoms) <= maxAtoms
}

// rangeAtoms are those of a type whose values are ranges between min and max. That
// a pattern holds a range is one condition on either end.
func rangeAtoms(min, max uint64, value func(from, to uint64) Value) func([]Pattern) ([]Value, bool) {
	return func(patterns []Pattern) (atoms []Value, ok bool) {
		from, to := []uint64{min}, []uint64{max}
		for _, p := range patterns {
			if r, ok := p.(rangeWithin); ok {
				from, to = append(from, r.lo), append(to, r.hi)
			}
		}
		if len(from)*len(to) > maxAtoms {
			return nil, false
		}
		for _, f := range from {
			for _, t := range to {
				if f <= t {
					atoms = append(atoms, value(f, t))
				}
			}
		}
		return atoms, true
	}
}

// lladdrAtoms are, for the octets of each pattern, the address that has no others,
// and one that goes on as no pattern does.
func lladdrAtoms(patterns []Pattern) (atoms []Value, ok bool) {
	heads := []string{""}
	for _, p := range patterns {
		if l, ok := p.(lladdrPattern); ok {
			heads = append(heads, l.bytes)
		}
	}
	if len(heads) > maxAtoms/2 {
		return nil, false
	}
	next := make(map[string]bool) // octets that some pattern has behind a head
	for _, head := range heads {
		for end := range len(head) {
			next[head[:end+1]] = true
		}
	}
	const usual = 6 // octets; the first is that of an address that nobody was given
	for _, head := range heads {
		atoms = append(atoms, LLAddr{head})
		for c := 2; c < 2+256; c++ {
			longer := head + string([]byte{byte(c)})
			if next[longer] {
				continue
			}
			for len(longer) < usual {
				longer += "\x00"
			}
			atoms = append(atoms, LLAddr{longer})
			break
		}
	}
	return atoms, true
}
