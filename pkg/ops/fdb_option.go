package ops

import (
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// FDBOptions are what a forwarding entry has beside its key.
type FDBOptions struct {
	State       *attr.FDBState `cbor:"state,omitempty" pinned:"true" help:"how long the entry stays; without it permanent"`
	NHID        *attr.Quantity `cbor:"nhid,omitempty" since:"5.9" help:"next hop object to send to, instead of dst"`
	Sticky      *attr.Flag     `cbor:"sticky,omitempty" help:"on to keep the entry in its place if the address is seen elsewhere"`
	ExternLearn *attr.Flag     `cbor:"extern_learn,omitempty" help:"on if a control plane has learnt the entry"`
	Router      *attr.Flag     `cbor:"router,omitempty" help:"on if the destination is a router"`
	Use         *attr.Flag     `cbor:"use,omitempty" help:"on to count the entry as used"`
}

// flags returns the flags that are on, for ndm_flags.
func (o *FDBOptions) flags() uint8 {
	return bitIf[uint8](o.Use, unix.NTF_USE) |
		bitIf[uint8](o.ExternLearn, unix.NTF_EXT_LEARNED) |
		bitIf[uint8](o.Sticky, ntfSticky) |
		bitIf[uint8](o.Router, unix.NTF_ROUTER)
}

// state returns the states that bridge(8) sends for the word.
func (o *FDBOptions) state() uint16 {
	switch value(o.State) {
	case attr.FDBStatic:
		return unix.NUD_NOARP | unix.NUD_REACHABLE
	case attr.FDBDynamic:
		return unix.NUD_REACHABLE
	}
	return unix.NUD_NOARP | unix.NUD_PERMANENT
}
