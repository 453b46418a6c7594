package ops

import "nethelper/pkg/attr"

// In is the attribute that nearly every operation has.
type In struct {
	NetNS *attr.NetNS `cbor:"netns,omitempty" pinned:"true" help:"namespace to act in; without it the helper's own"`
}

// Done is the result of an operation that changes something.
type Done struct {
	Changed bool `cbor:"changed" help:"false if things were already as asked"`
}

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
