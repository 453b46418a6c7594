package attr

// A FlowLabel is the flow label of an IPv6 header (RFC 8200, section 6).
type FlowLabel uint32

var (
	flowLabelNumber = &number[FlowLabel]{max: 1<<20 - 1, hex: true}
	typeFlowLabel   = flowLabelNumber.typ("flow-label", "flow label, or mask over one, 0x0 to 0xfffff")
)

func (FlowLabel) Type() *Type      { return typeFlowLabel }
func (v FlowLabel) Check() error   { return flowLabelNumber.check(v) }
func (v FlowLabel) String() string { return flowLabelNumber.print(v) }

// A DF says what becomes of the don't-fragment bit of a tunnel's outer header
// (VXLAN_DF_*).
type DF uint8

var (
	dfNumber = &number[DF]{closed: true, words: []word[DF]{{"unset", 0}, {"set", 1}, {"inherit", 2}}}
	typeDF   = dfNumber.typ("df", "unset, set, or inherit from the inner header")
)

func (DF) Type() *Type      { return typeDF }
func (v DF) Check() error   { return dfNumber.check(v) }
func (v DF) String() string { return dfNumber.print(v) }
