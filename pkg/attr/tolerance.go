package attr

// A Tolerance says whether it is an error that things are already as asked:
// that what is to be made is there, or what is to go is not.
type Tolerance string

const (
	// OK: things being as asked is a success that changed nothing.
	OK Tolerance = "ok"
	// Fail: it is an error, as without the attribute.
	Fail Tolerance = "error"
)

var tolerances = []string{string(OK), string(Fail)}

var typeTolerance = wordType("tolerance", tolerances, func(s string) Value { return Tolerance(s) })

func (Tolerance) Type() *Type      { return typeTolerance }
func (v Tolerance) Check() error   { return checkWord(string(v), tolerances) }
func (v Tolerance) String() string { return string(v) }
