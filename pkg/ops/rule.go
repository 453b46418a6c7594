package ops

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// A Rule is a rule as the kernel has it.
type Rule struct {
	RuleSpec
	Flags   []string `cbor:"flags,omitempty" help:"flags; unresolved if no rule has the priority goto, iif_detached or oif_detached if there is no such link"`
	Unknown []uint16 `cbor:"unknown,omitempty" help:"numbers of netlink attributes of the rule that are not known here (FRA_* of linux/fib_rules.h)"`
}

// ruleFlags are the words for the flags beside FIB_RULE_INVERT.
var ruleFlags = []bitWord{
	{unix.FIB_RULE_PERMANENT, "permanent"},
	{unix.FIB_RULE_UNRESOLVED, "unresolved"},
	{unix.FIB_RULE_IIF_DETACHED, "iif_detached"},
	{unix.FIB_RULE_OIF_DETACHED, "oif_detached"},
	{unix.FIB_RULE_FIND_SADDR, "find_saddr"},
}

// sizeofRuleHeader is the size of struct fib_rule_hdr.
const sizeofRuleHeader = 12

// decodeRule reads a message RTM_NEWRULE or RTM_DELRULE.
func decodeRule(b []byte) (Rule, error) {
	if len(b) < sizeofRuleHeader {
		return Rule{}, fmt.Errorf("rule message of %d bytes", len(b))
	}
	flags := binary.NativeEndian.Uint32(b[8:])
	r := Rule{
		RuleSpec: RuleSpec{
			Family: attr.Family(b[0]),
			TOS:    unless(new(attr.TOS(b[3])), 0),
			Table:  unless(new(attr.Table(b[4])), 0),
			Action: new(attr.RuleAction(b[7])),
			Not:    unless(new(attr.Flag(flags&unix.FIB_RULE_INVERT != 0)), false),
		},
		Flags: bitWords(flags&^unix.FIB_RULE_INVERT, ruleFlags),
	}
	if r.Family != unix.AF_INET && r.Family != unix.AF_INET6 {
		return Rule{}, fmt.Errorf("rule of family %d", r.Family)
	}
	from := unspecified(r.Family == unix.AF_INET)
	to := from
	ad, err := kernel.NewAttributes(b[sizeofRuleHeader:])
	if err != nil {
		return Rule{}, err
	}
	for ad.Next() {
		switch ad.Type() {
		case unix.FRA_PAD:
		case unix.FRA_SRC:
			from = decodeAddr(ad)
		case unix.FRA_DST:
			to = decodeAddr(ad)
		case unix.FRA_PRIORITY:
			r.Priority = attr.Priority(ad.Uint32())
		case unix.FRA_TABLE:
			r.Table = unless(new(attr.Table(ad.Uint32())), 0)
		default:
			if !decodeOption(ad, ruleOptions, &r.RuleSpec) {
				r.Unknown = append(r.Unknown, ad.Type())
			}
		}
	}
	if err := ad.Err(); err != nil {
		return Rule{}, fmt.Errorf("rule message: %w", err)
	}
	for _, p := range []struct {
		addr   netip.Addr
		length uint8
		field  **attr.Prefix
	}{{to, b[1], &r.To}, {from, b[2], &r.From}} {
		prefix, err := decodePrefix(p.addr, p.length, r.Family)
		if err != nil {
			return Rule{}, err
		}
		*p.field = &prefix
	}
	if r.FWMask != nil && r.FWMark == nil { // the kernel leaves out a mark of 0
		r.FWMark = new(attr.Mark(0))
	}
	r.RuleSpec = r.plain()
	return r, nil
}

// is reports whether the rule is all that the plain s says, and nothing more.
func (r *Rule) is(s *RuleSpec) bool {
	return r.equal(s) && len(r.Unknown) == 0 && !slices.Contains(r.Flags, "find_saddr")
}
