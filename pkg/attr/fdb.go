package attr

// An FDBState is how long a forwarding entry of a bridge stays, as bridge(8)
// names it.
type FDBState string

const (
	// FDBPermanent is an address of the bridge or of the link itself.
	FDBPermanent FDBState = "permanent"
	// FDBStatic stays until it is deleted.
	FDBStatic FDBState = "static"
	// FDBDynamic ages as if it had been learnt.
	FDBDynamic FDBState = "dynamic"
)

var fdbStates = []string{string(FDBPermanent), string(FDBStatic), string(FDBDynamic)}

var typeFDBState = wordType("fdb-state", fdbStates, func(s string) Value { return FDBState(s) })

func (FDBState) Type() *Type      { return typeFDBState }
func (v FDBState) Check() error   { return checkWord(string(v), fdbStates) }
func (v FDBState) String() string { return string(v) }
