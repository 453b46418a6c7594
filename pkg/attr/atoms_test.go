package attr

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// vocabulary makes up patterns and values of each type that patterns can tell apart
// in more ways than one. They are few and alike, so that they meet.
var vocabulary = map[*Type]struct{ pattern, value func(*rand.Rand) string }{
	typeIfName:    {globOf("ab?*", 4), globOf("abx", 4)},
	typeNetNS:     {globOf("ab.?*", 3), globOf("ab.x", 3)},
	typeAltName:   {globOf("a-?*", 5), globOf("a-x", 5)},
	typeLabel:     {globOf("a:*", 4), globOf("a:x", 4)},
	typeText:      {globOf("a#*?", 3), globOf("a#x", 4)},
	typeLLAddr:    {lladdrOf(true), lladdrOf(false)},
	typePrefix:    {prefixOf(true), prefixOf(false)},
	typeIfAddr:    {ifaddrOf(true), ifaddrOf(false)},
	typeAddr:      {prefixOf(true), addrOf},
	typeMTU:       {rangeOf(".."), numberOf},
	typeTable:     {rangeOf(".."), numberOf},
	typeTOS:       {func(r *rand.Rand) string { return fmt.Sprintf("%#x", r.IntN(9)) }, func(r *rand.Rand) string { return fmt.Sprintf("%#x", r.IntN(12)) }},
	typePortRange: {rangeOf(".."), rangeOf("-")},
	typeUIDRange:  {rangeOf(".."), rangeOf("-")},
	typeKind:      {func(r *rand.Rand) string { return kinds[r.IntN(len(kinds))] }, func(r *rand.Rand) string { return kinds[r.IntN(len(kinds))] }},
	typeFlag:      {func(*rand.Rand) string { return "on" }, func(r *rand.Rand) string { return []string{"on", "off"}[r.IntN(2)] }},
}

func globOf(letters string, most int) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		var b strings.Builder
		for range 1 + r.IntN(most) {
			b.WriteByte(letters[r.IntN(len(letters))])
		}
		return b.String()
	}
}

func lladdrOf(open bool) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		octets := make([]string, 1+r.IntN(3))
		for i := range octets {
			octets[i] = []string{"00", "02", "fa"}[r.IntN(3)]
		}
		if open && r.IntN(2) == 0 {
			octets = append(octets, "*")
		}
		return strings.Join(octets, ":")
	}
}

// addrOf has the upper half of the bytes say something, and few of their bits.
func addrOf(r *rand.Rand) string {
	bits := []int{0, 0x40, 0x80, 0xc0}
	if r.IntN(2) == 0 {
		return fmt.Sprintf("10.%d.%d.%d", bits[r.IntN(4)], bits[r.IntN(4)], r.IntN(2))
	}
	return fmt.Sprintf("fd00:%x::%d", bits[r.IntN(4)], r.IntN(2))
}

func prefixOf(pattern bool) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		if r.IntN(10) == 0 {
			return "default"
		}
		v, err := parsePrefix(fmt.Sprintf("%s/%d", addrOf(r), []int{0, 8, 9, 10, 16, 17, 18, 31, 32}[r.IntN(9)]))
		if err != nil {
			panic(err)
		}
		text := v.Masked().String()
		if pattern && r.IntN(2) == 0 {
			lo := v.Bits() + r.IntN(v.Addr().BitLen()-v.Bits()+1)
			hi := lo + r.IntN(v.Addr().BitLen()-lo+1)
			text += fmt.Sprintf("{%d..%d}", lo, hi)
			if lo == hi {
				text = fmt.Sprintf("%s{%d}", v.Masked(), lo)
			}
		}
		return text
	}
}

func ifaddrOf(pattern bool) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		if pattern && r.IntN(2) == 0 {
			if text := prefixOf(true)(r); text != "default" {
				return text
			}
		}
		return fmt.Sprintf("%s/%d", addrOf(r), 8+r.IntN(25))
	}
}

func numberOf(r *rand.Rand) string { return fmt.Sprint(1 + r.IntN(12)) }

func rangeOf(sep string) func(*rand.Rand) string {
	return func(r *rand.Rand) string {
		from := 1 + r.IntN(8)
		if to := from + r.IntN(4); to > from {
			return fmt.Sprintf("%d%s%d", from, sep, to)
		}
		return fmt.Sprint(from)
	}
}

// Whatever some patterns say of a value, they say of one of their atoms.
func TestAtoms(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for typ, make := range vocabulary {
		t.Run(typ.Name, func(t *testing.T) {
			for range 200 {
				var patterns []Pattern
				for range 1 + r.IntN(4) {
					text := make.pattern(r)
					if p, err := typ.Pattern(text); err == nil {
						patterns = append(patterns, p)
					}
				}
				atoms, ok := typ.Atoms(patterns)
				if !ok {
					t.Fatalf("%v: too many", patterns)
				}
				said := map[string]bool{}
				for _, a := range atoms {
					if again, err := typ.Parse(a.String()); err != nil || again != a {
						t.Errorf("%v: atom %s reads as %v, %v", patterns, a, again, err)
					}
					said[verdict(patterns, a)] = true
				}
				for range 50 {
					text := make.value(r)
					v, err := typ.Parse(text)
					if err == nil && !said[verdict(patterns, v)] {
						t.Errorf("of %v nothing stands for %s among %v", patterns, v, atoms)
					}
				}
			}
		})
	}
}

func verdict(patterns []Pattern, v Value) string {
	var b strings.Builder
	for _, p := range patterns {
		fmt.Fprint(&b, p.Match(v), " ")
	}
	return b.String()
}

// Every type has atoms, and those of no patterns are not more than those that its
// words make.
func TestAtomsOfNothing(t *testing.T) {
	for _, typ := range Types {
		atoms, ok := typ.Atoms(nil)
		if !ok || len(atoms) == 0 {
			t.Errorf("%s: %v, %v", typ.Name, atoms, ok)
		}
	}
}

// Patterns that are said to be disjoint have no atom that both match.
func TestDisjoint(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for typ, make := range vocabulary {
		told := 0
		for range 500 {
			p, err := typ.Pattern(make.pattern(r))
			if err != nil {
				continue
			}
			q, err := typ.Pattern(make.pattern(r))
			if err != nil || !Disjoint(p, q) {
				continue
			}
			told++
			atoms, _ := typ.Atoms([]Pattern{p, q})
			for _, a := range atoms {
				if p.Match(a) && q.Match(a) {
					t.Errorf("%s: %s and %s are not disjoint: %s", typ.Name, p, q, a)
				}
			}
		}
		if told == 0 && typ != typeLLAddr && typ != typePortRange && typ != typeUIDRange && typ != typeText && typ != typeFlag {
			t.Errorf("%s: no two patterns are told to be disjoint", typ.Name)
		}
	}
}
