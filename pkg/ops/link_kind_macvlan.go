package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// macvlanKind makes links with an Ethernet address of their own on a parent.
var macvlanKind = linkKind{
	kind:   attr.MACVLAN,
	parent: true,
	given:  func(p *LinkAddParams) bool { return p.MACVLAN != nil },
	check: func(p *LinkAddParams) error {
		if p.MACVLAN == nil {
			return invalid("macvlan.mode", "the mode has to be named")
		}
		return nil
	},
	sits: sitsOnReal,
	encode: func(r *kernel.Request, at *resolver, p *LinkAddParams) {
		encodeOptions(r, at, macvlanOptions("macvlan"), p.MACVLAN)
	},
	decode: func(ad *netlink.AttributeDecoder, l *Link) {
		l.MACVLAN = new(MACVLANOptions)
		decodeOptions(ad, macvlanOptions("macvlan"), l.MACVLAN)
	},
}

// macvtapKind makes the same for a program that reads and writes the packets
// through a character device.
var macvtapKind = linkKind{
	kind:   attr.MACVTAP,
	parent: true,
	given:  func(p *LinkAddParams) bool { return p.MACVTAP != nil },
	check: func(p *LinkAddParams) error {
		if p.MACVTAP == nil {
			return invalid("macvtap.mode", "the mode has to be named")
		}
		return nil
	},
	sits: sitsOnReal,
	encode: func(r *kernel.Request, at *resolver, p *LinkAddParams) {
		encodeOptions(r, at, macvlanOptions("macvtap"), p.MACVTAP)
	},
	decode: func(ad *netlink.AttributeDecoder, l *Link) {
		l.MACVTAP = new(MACVLANOptions)
		decodeOptions(ad, macvlanOptions("macvtap"), l.MACVTAP)
	},
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
	NoPromisc  *attr.Flag        `cbor:"nopromisc,omitempty" pinned:"true" help:"whether a parent in mode passthru stays out of promiscuous mode; without it it does not"`
	NoDst      *attr.Flag        `cbor:"nodst,omitempty" help:"whether mode source leaves out the search for the destination"`
	BcQueueLen *attr.QueueLength `cbor:"bc_queue_len,omitempty" since:"5.11" help:"length of the queue of broadcasts that is asked for"`
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
			decode: func(ad *netlink.AttributeDecoder, o *MACVLANOptions) { o.Mode = attr.MACVLANMode(ad.Uint32()) },
		},
		{
			typ: unix.IFLA_MACVLAN_FLAGS,
			encode: func(r *kernel.Request, _ *resolver, o *MACVLANOptions) {
				if o.NoPromisc == nil && o.NoDst == nil {
					return
				}
				var v uint16
				if value(o.NoPromisc) {
					v |= macvlanNoPromisc
				}
				if value(o.NoDst) {
					v |= macvlanNoDst
				}
				r.Uint16(flags, unix.IFLA_MACVLAN_FLAGS, v)
			},
			decode: func(ad *netlink.AttributeDecoder, o *MACVLANOptions) {
				v := ad.Uint16()
				o.NoPromisc = new(attr.Flag(v&macvlanNoPromisc != 0))
				o.NoDst = new(attr.Flag(v&macvlanNoDst != 0))
			},
		},
		option32(group+".bc_queue_len", unix.IFLA_MACVLAN_BC_QUEUE_LEN, func(o *MACVLANOptions) **attr.QueueLength { return &o.BcQueueLen }),
	}
}
