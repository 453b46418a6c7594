package attr

import "strings"

// Disjoint reports whether two patterns surely match no value both. It is quick,
// and may miss it.
func Disjoint(p, q Pattern) bool { return apart(p, q) || apart(q, p) }

func apart(p, q Pattern) bool {
	d, ok := p.(interface{ disjoint(Pattern) bool })
	return ok && d.disjoint(q)
}

func (s span[T]) disjoint(q Pattern) bool {
	o, ok := q.(span[T])
	return ok && (s.hi < o.lo || o.hi < s.lo)
}

func (w within) disjoint(q Pattern) bool {
	o, ok := q.(within)
	return ok && (!w.prefix.Overlaps(o.prefix) || w.max < o.min || o.max < w.min)
}

func (p exactly) disjoint(q Pattern) bool     { return !q.Match(p.value) }
func (p flagPattern) disjoint(q Pattern) bool { return !q.Match(Flag(p)) }

func (g glob[T]) disjoint(q Pattern) bool {
	o, ok := q.(glob[T])
	return ok && globsDisjoint(string(g), string(o))
}

func (p netnsPattern) disjoint(q Pattern) bool {
	o, ok := q.(netnsPattern)
	return ok && globsDisjoint(p.glob.String(), o.glob.String())
}

// globsDisjoint compares what stands before the first wildcards, and behind the
// last.
func globsDisjoint(a, b string) bool {
	x, y := head(a), head(b)
	if !strings.HasPrefix(x, y) && !strings.HasPrefix(y, x) {
		return true
	}
	x, y = tail(a), tail(b)
	return !strings.HasSuffix(x, y) && !strings.HasSuffix(y, x)
}

// Head returns what each value that the pattern matches begins with, or nothing
// where that is not known.
func Head(p Pattern) string {
	if h, ok := p.(interface{ head() string }); ok {
		return h.head()
	}
	return ""
}

func (g glob[T]) head() string      { return head(string(g)) }
func (p netnsPattern) head() string { return head(p.glob.String()) }

func head(glob string) string {
	if i := strings.IndexAny(glob, "*?"); i >= 0 {
		return glob[:i]
	}
	return glob
}

func tail(glob string) string { return glob[strings.LastIndexAny(glob, "*?")+1:] }
