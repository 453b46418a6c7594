package attr

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// An LLAddr is a link-layer address: 6 bytes for Ethernet, up to 32 for others.
type LLAddr struct{ bytes string }

const lladdrMax = 32 // MAX_ADDR_LEN

// LLAddrFrom returns the address made of b.
func LLAddrFrom(b []byte) LLAddr { return LLAddr{string(b)} }

var typeLLAddr = &Type{
	Name:  "lladdr",
	Doc:   "link-layer address, such as fa:16:3e:00:00:01",
	CDDL:  "bstr .size (1..32)",
	atoms: lladdrAtoms,
	Parse: func(text string) (Value, error) {
		return parseLLAddr(text)
	},
	Pattern: func(text string) (Pattern, error) {
		if head, ok := strings.CutSuffix(text, ":*"); ok {
			v, err := parseLLAddr(head)
			return lladdrPattern{v.bytes, true}, err
		}
		v, err := parseLLAddr(text)
		return lladdrPattern{v.bytes, false}, err
	},
}

func parseLLAddr(text string) (LLAddr, error) {
	octets := strings.Split(text, ":")
	b := make([]byte, 0, len(octets))
	for _, o := range octets {
		if len(o) != 2 || len(b) == lladdrMax {
			return LLAddr{}, fmt.Errorf("%q: want octets of two hexadecimal digits with colons between", text)
		}
		var err error
		if b, err = hex.AppendDecode(b, []byte(o)); err != nil {
			return LLAddr{}, fmt.Errorf("%q: want octets of two hexadecimal digits with colons between", text)
		}
	}
	return LLAddrFrom(b), nil
}

// lladdrPattern is one address, or all addresses that begin with some octets.
type lladdrPattern struct {
	bytes string
	open  bool
}

func (p lladdrPattern) Match(v Value) bool {
	a, ok := v.(LLAddr)
	if p.open {
		return ok && len(a.bytes) > len(p.bytes) && strings.HasPrefix(a.bytes, p.bytes)
	}
	return ok && a.bytes == p.bytes
}

func (p lladdrPattern) String() string {
	if p.open {
		return LLAddr{p.bytes}.String() + ":*"
	}
	return LLAddr{p.bytes}.String()
}

func (LLAddr) Type() *Type { return typeLLAddr }

func (v LLAddr) Check() error {
	if len(v.bytes) == 0 || len(v.bytes) > lladdrMax {
		return fmt.Errorf("want 1 to %d octets", lladdrMax)
	}
	return nil
}

func (v LLAddr) String() string {
	var b strings.Builder
	for i := range len(v.bytes) {
		if i > 0 {
			b.WriteByte(':')
		}
		fmt.Fprintf(&b, "%02x", v.bytes[i])
	}
	return b.String()
}

// Bytes returns a copy of the octets.
func (v LLAddr) Bytes() []byte { return []byte(v.bytes) }

// MarshalBinary returns the octets.
func (v LLAddr) MarshalBinary() ([]byte, error) { return v.Bytes(), nil }

// AppendBinary appends the octets to b.
func (v LLAddr) AppendBinary(b []byte) ([]byte, error) { return append(b, v.bytes...), nil }

// UnmarshalBinary takes the octets as they are; Check judges them.
func (v *LLAddr) UnmarshalBinary(b []byte) error {
	v.bytes = string(b)
	return nil
}
