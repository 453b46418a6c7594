package ops

import "nethelper/pkg/attr"

// value returns what v points to, or the zero value.
func value[T any](v *T) (zero T) {
	if v == nil {
		return zero
	}
	return *v
}

// orElse returns what v points to, or otherwise.
func orElse[T any](v *T, otherwise T) T {
	if v == nil {
		return otherwise
	}
	return *v
}

// bitIf returns the bit if the flag is on, and 0 otherwise.
func bitIf[T uint8 | uint16 | uint32](on *attr.Flag, bit T) T {
	if value(on) {
		return bit
	}
	return 0
}

// bit returns 1 for on and 0 for off.
func bit(v attr.Flag) uint8 {
	if v {
		return 1
	}
	return 0
}

// anyOr reports whether have is what is wanted; nil wants anything.
func anyOr[T comparable](want, have *T) bool { return want == nil || same(want, have) }

// same reports whether both are there and equal.
func same[T comparable](a, b *T) bool { return a != nil && b != nil && *a == *b }

// isZero reports whether v is there and zero.
func isZero[T comparable](v *T) bool { return v != nil && *v == *new(T) }

// unless returns v, or nil where v is the value that says nothing.
func unless[T comparable](v *T, nothing T) *T {
	if v != nil && *v == nothing {
		return nil
	}
	return v
}
