package policy

import (
	"testing"

	"nethelper/pkg/attr"
)

// schema is made up. It has attributes of every sort: required, optional and
// pinned ones, alone, in an optional group and in a repeated one.
var schema = Schema{
	"link.add":     {Attrs: attr.FieldsOf[linkParams], Counted: true},
	"netns.create": {Attrs: attr.FieldsOf[netnsParams], Counted: true},
	"link.set":     {Attrs: attr.FieldsOf[linkParams]},
	"link.list":    {Attrs: attr.FieldsOf[linksParams]},
	"addr.add":     {Attrs: attr.FieldsOf[addrParams], Counted: true},
	"route.add":    {Attrs: attr.FieldsOf[routeParams], Counted: true},
	"route.list":   {Attrs: attr.FieldsOf[routesParams]},
	"neigh.add":    {Attrs: attr.FieldsOf[neighParams], Counted: true},
}

type in struct {
	NetNS *attr.NetNS `cbor:"netns,omitempty" pinned:"true" help:"namespace"`
}

type netnsParams struct {
	Name attr.NetNS `cbor:"name" help:"namespace"`
	LoUp *attr.Flag `cbor:"lo_up,omitempty" help:"state of lo"`
}

type linkParams struct {
	in
	Name   attr.IfName  `cbor:"name" help:"link"`
	Kind   *attr.Kind   `cbor:"kind,omitempty" help:"kind"`
	MTU    *attr.MTU    `cbor:"mtu,omitempty" help:"size"`
	Up     *attr.Flag   `cbor:"up,omitempty" help:"state"`
	LLAddr *attr.LLAddr `cbor:"lladdr,omitempty" help:"address"`
	Alias  *attr.Text   `cbor:"alias,omitempty" help:"note"`
	Master *attr.IfName `cbor:"master,omitempty" help:"bridge"`
	Peer   *peerParams  `cbor:"peer,omitempty"`
}

type peerParams struct {
	Name  attr.IfName `cbor:"name" help:"other end"`
	NetNS *attr.NetNS `cbor:"netns,omitempty" pinned:"true" help:"its namespace"`
	MTU   *attr.MTU   `cbor:"mtu,omitempty" help:"its size"`
}

type linksParams struct {
	in
	Name *attr.IfName `cbor:"name,omitempty" pinned:"true" help:"one link instead of all"`
	Kind *attr.Kind   `cbor:"kind,omitempty" pinned:"true" help:"links of one kind instead of all"`
}

type addrParams struct {
	in
	Dev     attr.IfName `cbor:"dev" help:"link"`
	Address attr.IfAddr `cbor:"address" help:"address"`
}

type routeParams struct {
	in
	Dst    attr.Prefix  `cbor:"dst" help:"destination"`
	Dev    *attr.IfName `cbor:"dev,omitempty" pinned:"true" help:"way out"`
	Table  *attr.Table  `cbor:"table,omitempty" pinned:"true" help:"table"`
	Metric *attr.Metric `cbor:"metric,omitempty" help:"preference"`
	Hops   []hopParams  `cbor:"hop,omitempty"`
}

type hopParams struct {
	Via    *attr.Addr   `cbor:"via,omitempty" pinned:"true" help:"gateway"`
	Dev    attr.IfName  `cbor:"dev" help:"way out"`
	Weight *attr.Weight `cbor:"weight,omitempty" help:"share"`
}

type routesParams struct {
	in
	Dst   *attr.Prefix `cbor:"dst,omitempty" pinned:"true" help:"destination"`
	Table *attr.Table  `cbor:"table,omitempty" pinned:"true" help:"table"`
}

type neighParams struct {
	in
	Dst attr.Addr   `cbor:"dst" help:"neighbour"`
	Dev attr.IfName `cbor:"dev" help:"link"`
}

// accounts are the users and groups that the tests know.
var accounts = ParseAccounts(
	[]byte("root:x:0:0:root:/root:/bin/sh\n"+
		"lab:x:1000:1000::/home/lab:/bin/sh\n"+
		"neutron:x:1001:1001::/var/lib/neutron:/bin/false\n"),
	[]byte("root:x:0:\nlab:x:1000:\nneutron:x:1001:\nlxc:x:200:lab,neutron\nkvm:x:201:neutron\n"),
)

// parse makes a policy of one source.
func parse(t testing.TB, text string) *Policy {
	t.Helper()
	p, err := Parse([]Source{{"policy", []byte(text)}}, schema, accounts)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
