package kernel

import (
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// Attributes goes through the attributes of a message of the kernel (struct nlattr,
// netlink(7)), one after the other. Nothing is copied: what it returns of an
// attribute is valid as long as the message is.
//
// An attribute that is read as what it is not ends it with an error.
type Attributes struct {
	rest  []byte // behind the current one
	typ   uint16
	value []byte
	err   error
}

// nlaTypeMask leaves the type without NLA_F_NESTED and NLA_F_NET_BYTEORDER.
const nlaTypeMask = ^uint16(unix.NLA_F_NESTED | unix.NLA_F_NET_BYTEORDER)

var errAttribute = errors.New("malformed netlink attribute")

// NewAttributes begins before the first attribute in b. The error is that b does not
// consist of attributes.
func NewAttributes(b []byte) (*Attributes, error) {
	if err := checkAttributes(b); err != nil {
		return nil, err
	}
	return &Attributes{rest: b}, nil
}

func checkAttributes(b []byte) (err error) {
	for len(b) > 0 && err == nil {
		_, _, b, err = cutAttribute(b)
	}
	return err
}

// cutAttribute cuts an attribute off b. The last one need not be padded.
func cutAttribute(b []byte) (typ uint16, value, rest []byte, err error) {
	if len(b) < unix.SizeofNlAttr {
		return 0, nil, nil, errAttribute
	}
	n := int(binary.NativeEndian.Uint16(b))
	if n < unix.SizeofNlAttr || n > len(b) {
		return 0, nil, nil, errAttribute
	}
	return binary.NativeEndian.Uint16(b[2:]), b[unix.SizeofNlAttr:n:n], b[min(aligned(n), len(b)):], nil
}

// Next goes on to the next attribute. It returns false behind the last one, and after
// an error.
func (a *Attributes) Next() bool {
	if a.err != nil || len(a.rest) == 0 {
		return false
	}
	a.typ, a.value, a.rest, a.err = cutAttribute(a.rest)
	a.typ &= nlaTypeMask
	return a.err == nil
}

// Err returns the first error.
func (a *Attributes) Err() error { return a.err }

// Type returns the type of the current attribute, without flags.
func (a *Attributes) Type() uint16 { return a.typ }

// Bytes returns the value of the current attribute.
func (a *Attributes) Bytes() []byte { return a.value }

// Uint8 returns a number of 8 bits.
func (a *Attributes) Uint8() uint8 {
	if !a.has(1) {
		return 0
	}
	return a.value[0]
}

// Uint16 returns a number of 16 bits in the byte order of the machine.
func (a *Attributes) Uint16() uint16 {
	if !a.has(2) {
		return 0
	}
	return binary.NativeEndian.Uint16(a.value)
}

// Uint32 returns a number of 32 bits in the byte order of the machine.
func (a *Attributes) Uint32() uint32 {
	if !a.has(4) {
		return 0
	}
	return binary.NativeEndian.Uint32(a.value)
}

// Int32 is [Attributes.Uint32] for a number with a sign.
func (a *Attributes) Int32() int32 { return int32(a.Uint32()) }

// Uint64 returns a number of 64 bits in the byte order of the machine.
func (a *Attributes) Uint64() uint64 {
	if !a.has(8) {
		return 0
	}
	return binary.NativeEndian.Uint64(a.value)
}

// has says that the current attribute is to have the size.
func (a *Attributes) has(size int) bool {
	if a.err == nil && len(a.value) != size {
		a.err = fmt.Errorf("netlink attribute %d has %d bytes, want %d", a.typ, len(a.value), size)
	}
	return a.err == nil
}

// Do calls read with the value of the current attribute.
func (a *Attributes) Do(read func(b []byte) error) {
	if a.err == nil {
		a.err = read(a.value)
	}
}

// Nested calls read with the attributes in the current one.
func (a *Attributes) Nested(read func(*Attributes) error) {
	if a.err != nil {
		return
	}
	inner, err := NewAttributes(a.value)
	if err == nil {
		err = read(inner)
	}
	if err == nil {
		err = inner.err
	}
	a.err = err
}
