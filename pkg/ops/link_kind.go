package ops

import (
	"slices"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// A linkKind is a kind of link that can be made: what a request for one must
// have, and how its own attributes travel in IFLA_INFO_DATA. What is nil, the
// kind does not have.
type linkKind struct {
	kind attr.Kind
	// parent says that such a link sits on another, the attribute link.
	parent bool
	// given reports whether a request has the kind's group of attributes.
	given func(p *LinkAddParams) bool
	// check says what a request for such a link lacks.
	check func(p *LinkAddParams) error
	// sits says why such a link cannot sit on the parent.
	sits func(parent *Link) error
	// encode appends the group.
	encode func(r *kernel.Request, at *resolver, p *LinkAddParams)
	// decode reads the group into a link.
	decode func(ad *kernel.Attributes, l *Link)
}

// linkKinds are all of them, as attr.Kind names them.
var linkKinds = []linkKind{
	bridgeKind,
	dummyKind,
	ifbKind,
	macvlanKind,
	macvtapKind,
	vethKind,
	vlanKind,
	vxlanKind,
}

// kindOf returns the kind called name; ok is false for one that is read only.
func kindOf(name attr.Kind) (k linkKind, ok bool) {
	i := slices.IndexFunc(linkKinds, func(k linkKind) bool { return k.kind == name })
	if i < 0 {
		return linkKind{}, false
	}
	return linkKinds[i], true
}

// checkKind says what does not fit the kind of link that p asks for.
func checkKind(p *LinkAddParams) error {
	for _, k := range linkKinds {
		switch {
		case k.kind != p.Kind:
			if k.given != nil && k.given(p) {
				return invalid(string(k.kind), "want no attributes of another kind of link")
			}
			continue
		case k.parent && p.Link == nil:
			return invalid("link", "a link of this kind sits on another, which has to be named")
		case !k.parent && p.Link != nil:
			return invalid("link", "a link of this kind sits on no other")
		case k.check == nil:
			continue
		}
		if err := k.check(p); err != nil {
			return err
		}
	}
	return nil
}

// encodeInfo appends IFLA_LINKINFO.
func (k linkKind) encodeInfo(r *kernel.Request, at *resolver, p *LinkAddParams) {
	r.Nest("kind", unix.IFLA_LINKINFO, func() {
		r.String("kind", unix.IFLA_INFO_KIND, string(k.kind))
		if k.given != nil && k.given(p) {
			r.Nest("kind", unix.IFLA_INFO_DATA, func() { k.encode(r, at, p) })
		}
	})
}
