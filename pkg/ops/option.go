package ops

import (
	"encoding/binary"
	"fmt"
	"net/netip"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"
)

// An option ties a field of O, a group of attributes of a request, to the netlink
// attribute that carries it: in IFLA_INFO_DATA, in RTA_METRICS, in a rule.
type option[O any] struct {
	typ    uint16
	encode func(r *kernel.Request, at *resolver, o *O)
	decode func(ad *kernel.Attributes, o *O)
}

// encodeOptions appends the options that are there.
func encodeOptions[O any](r *kernel.Request, at *resolver, options []option[O], o *O) {
	for _, opt := range options {
		opt.encode(r, at, o)
	}
}

// decodeOptions reads the options that are known into o.
func decodeOptions[O any](ad *kernel.Attributes, options []option[O], o *O) {
	for ad.Next() {
		decodeOption(ad, options, o)
	}
}

// decodeOption reads the current attribute into o, and reports whether it is one
// of the options.
func decodeOption[O any](ad *kernel.Attributes, options []option[O], o *O) bool {
	for _, opt := range options {
		if opt.typ == ad.Type() {
			opt.decode(ad, o)
			return true
		}
	}
	return false
}

// optional is the option in the field, of which encode and decode know the form.
func optional[O, T any](typ uint16, field func(*O) **T, encode func(*kernel.Request, T), decode func(*kernel.Attributes) T) option[O] {
	return option[O]{
		typ: typ,
		encode: func(r *kernel.Request, _ *resolver, o *O) {
			if v := *field(o); v != nil {
				encode(r, *v)
			}
		},
		decode: func(ad *kernel.Attributes, o *O) { *field(o) = new(decode(ad)) },
	}
}

// option8 is a number of 8 bits.
func option8[O any, T ~uint8](name string, typ uint16, field func(*O) **T) option[O] {
	return optional(typ, field,
		func(r *kernel.Request, v T) { r.Uint8(name, typ, uint8(v)) },
		func(ad *kernel.Attributes) T { return T(ad.Uint8()) })
}

// option16 is a number of 16 bits in the byte order of the machine.
func option16[O any, T ~uint16](name string, typ uint16, field func(*O) **T) option[O] {
	return optional(typ, field,
		func(r *kernel.Request, v T) { r.Uint16(name, typ, uint16(v)) },
		func(ad *kernel.Attributes) T { return T(ad.Uint16()) })
}

// option16BE is a number of 16 bits in network byte order.
func option16BE[O any, T ~uint16](name string, typ uint16, field func(*O) **T) option[O] {
	return optional(typ, field,
		func(r *kernel.Request, v T) { r.Uint16BE(name, typ, uint16(v)) },
		func(ad *kernel.Attributes) T { return T(bigEndian16(ad)) })
}

// option32 is a number of 32 bits in the byte order of the machine.
func option32[O any, T ~uint32](name string, typ uint16, field func(*O) **T) option[O] {
	return optional(typ, field,
		func(r *kernel.Request, v T) { r.Uint32(name, typ, uint32(v)) },
		func(ad *kernel.Attributes) T { return T(ad.Uint32()) })
}

// option32BE is a number of 32 bits in network byte order.
func option32BE[O any, T ~uint32](name string, typ uint16, field func(*O) **T) option[O] {
	return optional(typ, field,
		func(r *kernel.Request, v T) { r.Uint32BE(name, typ, uint32(v)) },
		func(ad *kernel.Attributes) T { return T(bigEndian32(ad)) })
}

// option64 is a number that the kernel keeps in 64 bits, and people in 32.
func option64[O any, T ~uint32](name string, typ uint16, field func(*O) **T) option[O] {
	return optional(typ, field,
		func(r *kernel.Request, v T) {
			r.Bytes(name, typ, binary.NativeEndian.AppendUint64(nil, uint64(v)))
		},
		func(ad *kernel.Attributes) T { return T(min(ad.Uint64(), 1<<32-1)) })
}

// optionBool is a flag in a number of 8 bits.
func optionBool[O any](name string, typ uint16, field func(*O) **attr.Flag) option[O] {
	return optional(typ, field,
		func(r *kernel.Request, v attr.Flag) { r.Uint8(name, typ, bit(v)) },
		func(ad *kernel.Attributes) attr.Flag { return ad.Uint8() != 0 })
}

// optionPresent is a flag that is asked for by the presence of the attribute
// (NLA_FLAG). Some kinds show it in the same way, some in a number of 8 bits.
func optionPresent[O any](name string, typ uint16, field func(*O) **attr.Flag) option[O] {
	return optional(typ, field,
		func(r *kernel.Request, v attr.Flag) {
			if v {
				r.Flag(name, typ)
			}
		},
		func(ad *kernel.Attributes) attr.Flag {
			b := ad.Bytes()
			return len(b) == 0 || b[0] != 0
		})
}

// optionLLAddr is an Ethernet address.
func optionLLAddr[O any](name string, typ uint16, field func(*O) **attr.LLAddr) option[O] {
	return optional(typ, field,
		func(r *kernel.Request, v attr.LLAddr) { r.Bytes(name, typ, v.Bytes()) },
		func(ad *kernel.Attributes) attr.LLAddr { return attr.LLAddrFrom(ad.Bytes()) })
}

// optionAddr is an address of one family, of length bytes.
func optionAddr[O any](name string, typ uint16, length int, field func(*O) **attr.Addr) option[O] {
	return optional(typ, field,
		func(r *kernel.Request, v attr.Addr) {
			if v.BitLen() == 8*length {
				r.Addr(name, typ, v.Addr)
			}
		},
		func(ad *kernel.Attributes) (v attr.Addr) {
			ad.Do(func(b []byte) error {
				a, ok := netip.AddrFromSlice(b)
				if !ok || len(b) != length {
					return fmt.Errorf("attribute %d: %d bytes are no address", typ, len(b))
				}
				v.Addr = a
				return nil
			})
			return v
		})
}

// A flagBit is a flag that is one bit of a mask.
type flagBit[O any] struct {
	name  string
	mask  uint32
	field func(*O) **attr.Flag
}

// optionBits is a structure of two masks: the values of flags, and which of them
// are meant.
func optionBits[O any](typ uint16, flags ...flagBit[O]) option[O] {
	return option[O]{
		typ: typ,
		encode: func(r *kernel.Request, _ *resolver, o *O) {
			name, values, meant := "", uint32(0), uint32(0)
			for _, f := range flags {
				v := *f.field(o)
				if v == nil {
					continue
				}
				if meant == 0 {
					name = f.name
				}
				meant |= f.mask
				if *v {
					values |= f.mask
				}
			}
			if meant != 0 {
				b := binary.NativeEndian.AppendUint32(nil, values)
				r.Bytes(name, typ, binary.NativeEndian.AppendUint32(b, meant))
			}
		},
		decode: func(ad *kernel.Attributes, o *O) {
			ad.Do(func(b []byte) error {
				if len(b) != 8 {
					return fmt.Errorf("attribute %d: %d bytes, want a value and a mask", typ, len(b))
				}
				values, meant := binary.NativeEndian.Uint32(b), binary.NativeEndian.Uint32(b[4:])
				for _, f := range flags {
					if meant&f.mask != 0 {
						*f.field(o) = new(attr.Flag(values&f.mask != 0))
					}
				}
				return nil
			})
		},
	}
}
