package ops

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net/netip"
	"strings"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// decodeText reads a text of the kernel, which may hold any byte but zero.
func decodeText(ad *kernel.Attributes) string {
	text, _, _ := bytes.Cut(ad.Bytes(), []byte{0})
	return strings.ToValidUTF8(string(text), "\uFFFD")
}

// decodeLLAddr reads a link-layer address; some links have an empty one.
func decodeLLAddr(ad *kernel.Attributes) *attr.LLAddr {
	b := ad.Bytes()
	if len(b) == 0 {
		return nil
	}
	return new(attr.LLAddrFrom(b))
}

// decodeIndex reads the index of a link; 0 is none, such as that of a tunnel over
// no link in particular.
func decodeIndex(ad *kernel.Attributes) *attr.Index { return indexOrNil(ad.Uint32()) }

// indexOrNil returns the index, or nil for 0, which no link has.
func indexOrNil(index uint32) *attr.Index {
	if index == 0 {
		return nil
	}
	return indexAt(index)
}

// lowIndices are those that most links have, so that not every route of a list needs
// memory for its link. Nobody changes them.
var lowIndices = func() (all [256]attr.Index) {
	for i := range all {
		all[i] = attr.Index(i)
	}
	return all
}()

// indexAt returns a pointer to the index.
func indexAt(index uint32) *attr.Index {
	if index < uint32(len(lowIndices)) {
		return &lowIndices[index]
	}
	return new(attr.Index(index))
}

// decodeAddr reads an address of 4 or 16 bytes.
func decodeAddr(ad *kernel.Attributes) (a netip.Addr) {
	ad.Do(func(b []byte) (err error) {
		a, err = addrFrom(b)
		return err
	})
	return a
}

func addrFrom(b []byte) (netip.Addr, error) {
	a, ok := netip.AddrFromSlice(b)
	if !ok {
		return netip.Addr{}, fmt.Errorf("address of %d bytes", len(b))
	}
	return a, nil
}

// decodePrefix makes a prefix of an address and a length, which may come from two
// places of a message of the family.
func decodePrefix(a netip.Addr, length uint8, family attr.Family) (attr.Prefix, error) {
	if a.Is4() != (family == unix.AF_INET) {
		return attr.Prefix{}, fmt.Errorf("address %s in a message of family %d", a, family)
	}
	p := netip.PrefixFrom(a, int(length))
	if !p.IsValid() {
		return attr.Prefix{}, fmt.Errorf("prefix %s/%d", a, length)
	}
	return attr.Prefix{Prefix: p}, nil
}

// bigEndian16 reads a number of 16 bits in network byte order.
func bigEndian16(ad *kernel.Attributes) uint16 {
	return binary.BigEndian.Uint16(exactBytes(ad, 2))
}

// bigEndian32 reads a number of 32 bits in network byte order.
func bigEndian32(ad *kernel.Attributes) uint32 {
	return binary.BigEndian.Uint32(exactBytes(ad, 4))
}

// exactBytes returns the n bytes of the current attribute, or zeros and an error
// of the decoder.
func exactBytes(ad *kernel.Attributes, n int) []byte {
	exact := make([]byte, n)
	ad.Do(func(b []byte) error {
		if len(b) != n {
			return fmt.Errorf("attribute %d: %d bytes, want %d", ad.Type(), len(b), n)
		}
		copy(exact, b)
		return nil
	})
	return exact
}
