package ops

import (
	"nethelper/internal/kernel"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// encodeRule makes a message about the plain rule s.
func encodeRule(typ uint16, flags netlink.HeaderFlags, s *RuleSpec) *kernel.Request {
	header := &rtnetlink.RuleMessage{
		Family:    uint8(s.Family),
		DstLength: lengthOf(s.To),
		SrcLength: lengthOf(s.From),
		TOS:       uint8(value(s.TOS)),
		Table:     compactTable(value(s.Table)),
		Action:    uint8(value(s.Action)),
		Flags:     bitIf[uint32](s.Not, unix.FIB_RULE_INVERT),
	}
	r := kernel.NewRequest(typ, flags, header)
	r.Uint32("priority", unix.FRA_PRIORITY, uint32(s.Priority))
	if s.From != nil {
		r.Addr("from", unix.FRA_SRC, s.From.Addr())
	}
	if s.To != nil {
		r.Addr("to", unix.FRA_DST, s.To.Addr())
	}
	if s.Table != nil {
		r.Uint32("table", unix.FRA_TABLE, uint32(*s.Table))
	}
	encodeOptions(r, nil, ruleOptions, s)
	if s.FlowLabel != nil && s.FlowLabelMask == nil { // the kernel has no default
		r.Uint32BE("flowlabel", fraFlowLabelMask, uint32(fullFlowLabel))
	}
	return r
}
