package attr

// A NeighState is the state of a neighbour entry (NUD_*).
type NeighState uint16

var (
	neighStateNumber = &number[NeighState]{closed: true, words: []word[NeighState]{{"none", 0}, {"incomplete", 1}, {"reachable", 2}, {"stale", 4}, {"delay", 8}, {"probe", 16}, {"failed", 32}, {"noarp", 64}, {"permanent", 128}}}
	typeNeighState   = neighStateNumber.typ("neigh-state", "permanent, noarp, reachable, stale, probe, delay, incomplete, failed or none")
)

func (NeighState) Type() *Type      { return typeNeighState }
func (v NeighState) Check() error   { return neighStateNumber.check(v) }
func (v NeighState) String() string { return neighStateNumber.print(v) }
