package attr

import (
	"fmt"
	"net/netip"
	"strings"
)

// within is the pattern of addresses and prefixes: everything inside one prefix.
// A value matches when all its addresses lie in the prefix and its own length is
// between min and max. A single address counts as its longest prefix.
type within struct {
	prefix   netip.Prefix
	min, max int
}

// parseWithin reads PREFIX, PREFIX{LENGTH} or PREFIX{MIN..MAX}.
func parseWithin(text string) (Pattern, error) {
	body, bounds, bounded := strings.Cut(text, "{")
	p, err := parsePrefix(body)
	if err != nil {
		return nil, err
	}
	if err := (Prefix{p}).Check(); err != nil {
		return nil, fmt.Errorf("%q: %w", text, err)
	}
	w := within{prefix: p, min: p.Bits(), max: p.Addr().BitLen()}
	if !bounded {
		return w, nil
	}
	inner, closed := strings.CutSuffix(bounds, "}")
	from, to, ranged := strings.Cut(inner, "..")
	if !ranged {
		to = from
	}
	lo, errLo := parseUint(from, false)
	hi, errHi := parseUint(to, false)
	if !closed || errLo != nil || errHi != nil || lo > hi || lo < uint64(w.min) || hi > uint64(w.max) || ranged && lo == hi {
		return nil, fmt.Errorf("%q: want lengths between %d and %d, such as %s{%d..%d}", text, w.min, w.max, p, w.min, w.max)
	}
	w.min, w.max = int(lo), int(hi)
	return w, nil
}

func (w within) Match(v Value) bool {
	var p netip.Prefix
	switch v := v.(type) {
	case Addr:
		p = netip.PrefixFrom(v.Addr, v.BitLen())
	case Prefix:
		p = v.Prefix
	case IfAddr:
		p = v.Prefix
	default:
		return false
	}
	return w.min <= p.Bits() && p.Bits() <= w.max && w.prefix.Contains(p.Addr())
}

func (w within) String() string {
	text := w.prefix.String()
	switch {
	case w.min == w.max && w.min != w.prefix.Bits():
		return fmt.Sprintf("%s{%d}", text, w.min)
	case w.min == w.max && w.max != w.prefix.Addr().BitLen():
		return fmt.Sprintf("%s{%d}", text, w.min)
	case w.min != w.prefix.Bits() || w.max != w.prefix.Addr().BitLen():
		return fmt.Sprintf("%s{%d..%d}", text, w.min, w.max)
	}
	return text
}

// defaultOnly matches the prefixes of length zero and nothing inside them.
type defaultOnly struct{}

func (defaultOnly) Match(v Value) bool {
	p, ok := v.(Prefix)
	return ok && (p.Prefix == default4 || p.Prefix == default6)
}

func (defaultOnly) String() string { return defaultWord }
