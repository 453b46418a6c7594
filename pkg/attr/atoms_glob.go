package attr

import "strings"

// globAtoms are those of a type whose values are strings of at most max bytes and
// whose patterns are globs. They are found by reading all globs at once, byte by
// byte: strings that leave them in the same state are as good as one another, and
// the shortest stands for all.
func globAtoms(max int, text func(Pattern) (string, bool), value func(string) Value) func([]Pattern) ([]Value, bool) {
	return func(patterns []Pattern) (atoms []Value, ok bool) {
		var globs []string
		for _, p := range patterns {
			if g, ok := text(p); ok {
				globs = append(globs, g)
			}
		}
		letters := alphabet(globs, value)
		type reading struct {
			state globState
			read  string
		}
		queue := []reading{{newGlobState(globs), ""}}
		seen := make(map[string]bool) // nothing has been read yet: what is empty stands for no string
		told := make(map[string]bool) // sets of globs that match
		for len(queue) > 0 {
			r := queue[0]
			queue = queue[1:]
			if v := value(r.read); v.Check() == nil {
				if matching := r.state.matching(globs); !told[matching] {
					told[matching] = true
					atoms = append(atoms, v)
				}
			}
			if len(r.read) == max {
				continue
			}
			for _, c := range letters {
				longer := r.read + string([]byte{c})
				if len(longer) == 1 && value(longer).Check() != nil {
					continue // cannot come first
				}
				next := reading{r.state.step(globs, c), longer}
				if key := next.state.key(); !seen[key] {
					if len(seen) == maxAtoms {
						return nil, false
					}
					seen[key] = true
					queue = append(queue, next)
				}
			}
		}
		return atoms, true
	}
}

// alphabet returns the bytes that stand in the globs, and one that stands in none,
// and so for all others.
func alphabet(globs []string, value func(string) Value) []byte {
	var letters []byte
	used := make(map[byte]bool)
	for _, g := range globs {
		for i := range len(g) {
			if c := g[i]; c != '*' && c != '?' && !used[c] {
				used[c] = true
				letters = append(letters, c)
			}
		}
	}
	const others = "xzqjkvwy0123456789abcdefghilmnoprstuXZQJKVWYABCDEFGHILMNOPRSTU_"
	for i := range len(others) {
		if c := others[i]; !used[c] && value(string(c)).Check() == nil {
			return append(letters, c)
		}
	}
	return letters
}

// A globState is, for each glob, the set of places in it where the reading of a
// string can be. A star is passed without reading.
type globState []places

type places []uint64

func (p places) has(i int) bool { return p[i/64]&(1<<(i%64)) != 0 }

func (p places) add(glob string, i int) {
	for {
		p[i/64] |= 1 << (i % 64)
		if i == len(glob) || glob[i] != '*' {
			return
		}
		i++
	}
}

func newPlaces(glob string) places { return make(places, len(glob)/64+1) }

func newGlobState(globs []string) globState {
	s := make(globState, len(globs))
	for i, g := range globs {
		s[i] = newPlaces(g)
		s[i].add(g, 0)
	}
	return s
}

// step reads one byte.
func (s globState) step(globs []string, c byte) globState {
	next := make(globState, len(s))
	for i, g := range globs {
		next[i] = newPlaces(g)
		for at := range len(g) {
			switch {
			case !s[i].has(at):
			case g[at] == '*':
				next[i].add(g, at)
			case g[at] == '?' || g[at] == c:
				next[i].add(g, at+1)
			}
		}
	}
	return next
}

// matching tells the globs that are read to their end.
func (s globState) matching(globs []string) string {
	var b strings.Builder
	for i, g := range globs {
		if s[i].has(len(g)) {
			b.WriteByte('1')
		} else {
			b.WriteByte('0')
		}
	}
	return b.String()
}

func (s globState) key() string {
	var b []byte
	for _, p := range s {
		for _, word := range p {
			for shift := 0; shift < 64; shift += 8 {
				b = append(b, byte(word>>shift))
			}
		}
	}
	return string(b)
}
