package ops

import (
	"errors"
	"slices"
	"strings"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"golang.org/x/sys/unix"
)

// LinkSet changes a link.
var LinkSet = define(Op{
	Name:    "link.set",
	Summary: "change a link",
	Doc: "The link is read first, and nothing is sent if it is as asked already; a move to a namespace is always sent. The " +
		"kernel carries a change out attribute by attribute: if it refuses one, others may be in effect, and the error " +
		"says which. A link that moves is down in its new namespace unless up=on is given, and takes a new name there. " +
		"Links of other kinds refuse the options of a bridge. (RTM_NEWLINK, rtnetlink(7))",
	Caps: []Cap{NetAdmin},
}, func(t *kernel.Task, p LinkSetParams) (Done, error) {
	ns, index, err := p.find(t)
	if err != nil {
		return Done{}, err
	}
	before, err := readLink(ns, index, false)
	if err != nil {
		return Done{}, err
	}
	if err := before.checkLLAddr("lladdr", p.LLAddr); err != nil {
		return Done{}, err
	}
	if len(p.unmet(&before)) == 0 {
		return Done{Changed: false}, nil
	}
	at := &resolver{t: t, ns: ns}
	defer at.close()
	r := p.request(at, index)
	if at.err != nil {
		return Done{}, at.err
	}
	if err := ns.Do(r); err != nil {
		return Done{}, p.refused(err, ns, &before)
	}
	return Done{Changed: true}, nil
})

// LinkSetParams is what link.set takes.
type LinkSetParams struct {
	LinkRef
	Name *attr.IfName `cbor:"name,omitempty" help:"new name"`
	LinkSettings
	NoMaster *attr.Flag  `cbor:"nomaster,omitempty" help:"on to release the link from its master"`
	ToNetNS  *attr.NetNS `cbor:"to_netns,omitempty" help:"namespace to move the link to"`
}

// Check refuses a change of nothing, and what the kernel would do in another
// namespace than the one it was judged for.
func (p *LinkSetParams) Check() error {
	switch {
	case p.NoMaster != nil && !bool(*p.NoMaster):
		return invalid("nomaster", "want on, or leave it out")
	case p.NoMaster != nil && p.Master != nil:
		return invalid("nomaster", "want either master or nomaster")
	case p.ToNetNS != nil && p.Master != nil:
		return invalid("master", "the kernel would look for it in the new namespace; set it there, after the move")
	case p.Name == nil && p.NoMaster == nil && p.ToNetNS == nil && len(attr.Bind(linkSettings(), &p.LinkSettings)) == 0:
		return errNothingAsked
	}
	return nil
}

// unmet lists the attributes of p that the link does not have.
func (p *LinkSetParams) unmet(l *Link) []string {
	names := p.LinkSettings.unmet(l)
	if p.Name != nil && *p.Name != l.Name {
		names = append(names, "name")
	}
	if p.NoMaster != nil && l.MasterIndex != nil {
		names = append(names, "nomaster")
	}
	if p.ToNetNS != nil {
		names = append(names, "to_netns")
	}
	return names
}

// request makes the message. RTM_SETLINK would pass over the options of a bridge.
func (p *LinkSetParams) request(at *resolver, index uint32) *kernel.Request {
	c := p.flags()
	r := kernel.NewRequest(unix.RTM_NEWLINK, 0, &rtnetlink.LinkMessage{Index: index, Flags: c.flags, Change: c.mask})
	if p.ToNetNS != nil {
		r.Uint32("to_netns", unix.IFLA_NET_NS_FD, at.netns("to_netns", *p.ToNetNS))
	}
	if p.Name != nil {
		r.String("name", unix.IFLA_IFNAME, string(*p.Name))
	}
	p.encode(r, at)
	if p.NoMaster != nil {
		r.Uint32("nomaster", unix.IFLA_MASTER, 0)
	}
	if p.Bridge != nil {
		r.Nest("bridge", unix.IFLA_LINKINFO, func() {
			r.String("bridge", unix.IFLA_INFO_KIND, string(attr.Bridge))
			r.Nest("bridge", unix.IFLA_INFO_DATA, func() { encodeOptions(r, at, bridgeOptions, p.Bridge) })
		})
	}
	return r
}

// refused adds to an error of the kernel what is in effect nevertheless.
func (p *LinkSetParams) refused(err error, ns *kernel.Netns, before *Link) error {
	var e *kernel.Error
	if !errors.As(err, &e) {
		return err
	}
	var met []string
	after, readErr := readLink(ns, uint32(before.Index), false)
	switch {
	case readErr == nil:
		unmet := p.unmet(&after)
		met = slices.DeleteFunc(p.unmet(before), func(name string) bool { return slices.Contains(unmet, name) })
		if before.MasterIndex != nil && after.MasterIndex == nil && p.NoMaster == nil {
			met = append(met, "release from the former master")
		}
	case p.ToNetNS != nil && errors.Is(readErr, unix.ENODEV):
		met = []string{"to_netns"}
	}
	if len(met) == 0 {
		return err
	}
	partly := *e
	if partly.Message != "" {
		partly.Message += "; "
	}
	partly.Message += "in effect nevertheless: " + strings.Join(met, ", ")
	return &partly
}
