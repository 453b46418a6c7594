package attr

import (
	"fmt"
	"strconv"
	"strings"
)

// A Port is a UDP or TCP port number.
type Port uint16

var (
	portNumber = &number[Port]{min: 1, max: 65535}
	typePort   = portNumber.typ("port", "port, 1 to 65535")
)

func (Port) Type() *Type      { return typePort }
func (v Port) Check() error   { return portNumber.check(v) }
func (v Port) String() string { return portNumber.print(v) }

// A PortRange is a range of ports, both ends included (FRA_SPORT_RANGE).
type PortRange struct {
	From Port `cbor:"from"`
	To   Port `cbor:"to"`
}

var typePortRange = &Type{
	Name:  "port-range",
	Doc:   "port or range of ports, such as 53 or 1024-65535",
	CDDL:  "{from: port, to: port}",
	atoms: rangeAtoms(1, 1<<16-1, func(from, to uint64) Value { return PortRange{Port(from), Port(to)} }),
	Parse: func(text string) (Value, error) {
		from, to, err := parseRange(text, 16)
		if err != nil {
			return nil, err
		}
		v := PortRange{Port(from), Port(to)}
		if err := v.Check(); err != nil {
			return nil, fmt.Errorf("%q: %w", text, err)
		}
		return v, nil
	},
	Pattern: func(text string) (Pattern, error) {
		lo, hi, err := parsePatternRange(text, 16)
		if err == nil {
			err = PortRange{Port(lo), Port(hi)}.Check()
		}
		return rangeWithin{lo, hi}, err
	},
}

func (PortRange) Type() *Type { return typePortRange }

func (v PortRange) Check() error {
	if v.From == 0 || v.From > v.To {
		return fmt.Errorf("want two ports in ascending order, 1 to 65535")
	}
	return nil
}

func (v PortRange) String() string { return printRange(uint64(v.From), uint64(v.To)) }

func (v PortRange) bounds() (lo, hi uint64) { return uint64(v.From), uint64(v.To) }

// A UIDRange is a range of user ids, both ends included (FRA_UID_RANGE).
type UIDRange struct {
	From uint32 `cbor:"from"`
	To   uint32 `cbor:"to"`
}

var typeUIDRange = &Type{
	Name:  "uid-range",
	Doc:   "user id or range of user ids, such as 1000-1999",
	CDDL:  "{from: uint .size 4, to: uint .size 4}",
	atoms: rangeAtoms(0, 1<<32-2, func(from, to uint64) Value { return UIDRange{uint32(from), uint32(to)} }),
	Parse: func(text string) (Value, error) {
		from, to, err := parseRange(text, 32)
		if err != nil {
			return nil, err
		}
		v := UIDRange{uint32(from), uint32(to)}
		if err := v.Check(); err != nil {
			return nil, fmt.Errorf("%q: %w", text, err)
		}
		return v, nil
	},
	Pattern: func(text string) (Pattern, error) {
		lo, hi, err := parsePatternRange(text, 32)
		if err == nil {
			err = UIDRange{uint32(lo), uint32(hi)}.Check()
		}
		return rangeWithin{lo, hi}, err
	},
}

func (UIDRange) Type() *Type { return typeUIDRange }

func (v UIDRange) Check() error {
	if v.From > v.To || v.To == 1<<32-1 {
		return fmt.Errorf("want two user ids in ascending order, 0 to 4294967294")
	}
	return nil
}

func (v UIDRange) String() string { return printRange(uint64(v.From), uint64(v.To)) }

func (v UIDRange) bounds() (lo, hi uint64) { return uint64(v.From), uint64(v.To) }

// rangeWithin is the pattern of ranges: those that lie in lo..hi.
type rangeWithin struct{ lo, hi uint64 }

func (p rangeWithin) Match(v Value) bool {
	r, ok := v.(interface{ bounds() (lo, hi uint64) })
	if !ok {
		return false
	}
	lo, hi := r.bounds()
	return p.lo <= lo && hi <= p.hi
}

func (p rangeWithin) String() string {
	if p.lo == p.hi {
		return strconv.FormatUint(p.lo, 10)
	}
	return fmt.Sprintf("%d..%d", p.lo, p.hi)
}

func printRange(from, to uint64) string {
	if from == to {
		return strconv.FormatUint(from, 10)
	}
	return fmt.Sprintf("%d-%d", from, to)
}

func parseRange(text string, bits int) (from, to uint64, err error) {
	return parseEnds(text, "-", bits)
}

func parsePatternRange(text string, bits int) (lo, hi uint64, err error) {
	return parseEnds(text, "..", bits)
}

func parseEnds(text, sep string, bits int) (from, to uint64, err error) {
	first, last, ranged := strings.Cut(text, sep)
	if !ranged {
		last = first
	}
	from, errFrom := parseUint(first, false)
	to, errTo := parseUint(last, false)
	if errFrom != nil || errTo != nil || from>>bits != 0 || to>>bits != 0 || from > to || ranged && from == to {
		return 0, 0, fmt.Errorf("%q: want a number, or two in ascending order with %s between", text, sep)
	}
	return from, to, nil
}
