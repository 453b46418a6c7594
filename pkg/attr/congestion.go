package attr

// A Congestion is the name of a TCP congestion control algorithm (RTAX_CC_ALGO).
type Congestion string

var congestions = []string{"bbr", "cubic", "dctcp", "reno"}

var typeCongestion = wordType("congestion", congestions, func(s string) Value { return Congestion(s) })

func (Congestion) Type() *Type      { return typeCongestion }
func (v Congestion) Check() error   { return checkWord(string(v), congestions) }
func (v Congestion) String() string { return string(v) }
