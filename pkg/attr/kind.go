package attr

// A Kind is the kind of a link that can be made (IFLA_INFO_KIND).
type Kind string

// The kinds that can be made, by the names that ip-link(8) has for them.
const (
	Bridge  Kind = "bridge"
	Dummy   Kind = "dummy"
	IFB     Kind = "ifb"
	MACVLAN Kind = "macvlan"
	MACVTAP Kind = "macvtap"
	Veth    Kind = "veth"
	VLANDev Kind = "vlan"
	VXLAN   Kind = "vxlan"
)

var kinds = []string{
	string(Bridge), string(Dummy), string(IFB), string(MACVLAN), string(MACVTAP),
	string(Veth), string(VLANDev), string(VXLAN),
}

var typeKind = wordType("kind", kinds, func(s string) Value { return Kind(s) })

func (Kind) Type() *Type      { return typeKind }
func (v Kind) Check() error   { return checkWord(string(v), kinds) }
func (v Kind) String() string { return string(v) }
