package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// macvlanKind makes links with an Ethernet address of their own on a parent.
var macvlanKind = macvlanLike(attr.MACVLAN,
	func(p *LinkAddParams) *MACVLANOptions { return p.MACVLAN },
	func(l *Link) **MACVLANOptions { return &l.MACVLAN })

// macvtapKind makes the same for a program that reads and writes the packets
// through a character device.
var macvtapKind = macvlanLike(attr.MACVTAP,
	func(p *LinkAddParams) *MACVLANOptions { return p.MACVTAP },
	func(l *Link) **MACVLANOptions { return &l.MACVTAP })

// macvlanLike is a kind of link with the options of macvlan, which a request has
// in the group that asked returns, and a link where read says.
func macvlanLike(kind attr.Kind, asked func(*LinkAddParams) *MACVLANOptions, read func(*Link) **MACVLANOptions) linkKind {
	options := macvlanOptions(string(kind))
	return linkKind{
		kind:   kind,
		parent: true,
		given:  func(p *LinkAddParams) bool { return asked(p) != nil },
		check: func(p *LinkAddParams) error {
			if asked(p) == nil {
				return invalid(string(kind)+".mode", "the mode has to be named")
			}
			return nil
		},
		sits: sitsOnReal,
		encode: func(r *kernel.Request, at *resolver, p *LinkAddParams) {
			encodeOptions(r, at, options, asked(p))
		},
		decode: func(ad *kernel.Attributes, l *Link) {
			*read(l) = new(MACVLANOptions)
			decodeOptions(ad, options, *read(l))
		},
	}
}

// sitsOnReal refuses a parent of these kinds. The kernel would put the link on the
// parent's own parent, which may be in another namespace, and has not been judged.
func sitsOnReal(parent *Link) error {
	if parent.Kind == attr.MACVLAN || parent.Kind == attr.MACVTAP {
		return ambiguous("link sits on another link, which the kernel would take for it")
	}
	return nil
}

// MACVLANOptions are the options of a macvlan or macvtap link.
type MACVLANOptions struct {
	Mode       attr.MACVLANMode  `cbor:"mode" help:"how the links on one parent see each other"`
	NoPromisc  *attr.Flag        `cbor:"nopromisc,omitempty" pinned:"true" help:"whether mode passthru leaves promiscuous mode of the parent alone; without it the parent is put into it"`
	NoDst      *attr.Flag        `cbor:"nodst,omitempty" help:"whether a packet that mode source delivers by its source address is not delivered by its destination as well"`
	BcQueueLen *attr.QueueLength `cbor:"bc_queue_len,omitempty" since:"5.11" help:"length asked for of the queue of broadcasts"`
}

// macvlanOptions are the options of the group, macvlan or macvtap.
func macvlanOptions(group string) []option[MACVLANOptions] {
	mode, flags := group+".mode", group+".nopromisc"
	return []option[MACVLANOptions]{
		{
			typ: unix.IFLA_MACVLAN_MODE,
			encode: func(r *kernel.Request, _ *resolver, o *MACVLANOptions) {
				r.Uint32(mode, unix.IFLA_MACVLAN_MODE, uint32(o.Mode))
			},
			decode: func(ad *kernel.Attributes, o *MACVLANOptions) { o.Mode = attr.MACVLANMode(ad.Uint32()) },
		},
		{
			typ: unix.IFLA_MACVLAN_FLAGS,
			encode: func(r *kernel.Request, _ *resolver, o *MACVLANOptions) {
				if o.NoPromisc == nil && o.NoDst == nil {
					return
				}
				v := bitIf[uint16](o.NoPromisc, macvlanNoPromisc) | bitIf[uint16](o.NoDst, macvlanNoDst)
				r.Uint16(flags, unix.IFLA_MACVLAN_FLAGS, v)
			},
			decode: func(ad *kernel.Attributes, o *MACVLANOptions) {
				v := ad.Uint16()
				o.NoPromisc = new(attr.Flag(v&macvlanNoPromisc != 0))
				o.NoDst = new(attr.Flag(v&macvlanNoDst != 0))
			},
		},
		option32(group+".bc_queue_len", unix.IFLA_MACVLAN_BC_QUEUE_LEN, func(o *MACVLANOptions) **attr.QueueLength { return &o.BcQueueLen }),
	}
}
