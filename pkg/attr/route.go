package attr

// A Table is a routing table (RTA_TABLE).
type Table uint32

var (
	tableNumber = &number[Table]{min: 1, max: 1<<32 - 1, words: []word[Table]{{"main", 254}, {"local", 255}, {"default", 253}}}
	typeTable   = tableNumber.typ("table", "routing table: main, local, default or 1 to 4294967295")
)

func (Table) Type() *Type      { return typeTable }
func (v Table) Check() error   { return tableNumber.check(v) }
func (v Table) String() string { return tableNumber.print(v) }

// A Metric is a route's priority among those to one prefix (RTA_PRIORITY).
type Metric uint32

var (
	metricNumber = &number[Metric]{max: 1<<32 - 1}
	typeMetric   = metricNumber.typ("metric", "metric, 0 to 4294967295; the lower, the better")
)

func (Metric) Type() *Type      { return typeMetric }
func (v Metric) Check() error   { return metricNumber.check(v) }
func (v Metric) String() string { return metricNumber.print(v) }

// A Scope is the distance to the destination (rtm_scope, rtnetlink(7)).
type Scope uint8

var (
	scopeNumber = &number[Scope]{max: 255, words: []word[Scope]{{"global", 0}, {"universe", 0}, {"site", 200}, {"link", 253}, {"host", 254}, {"nowhere", 255}}}
	typeScope   = scopeNumber.typ("scope", "global, site, link, host, nowhere or 0 to 255")
)

func (Scope) Type() *Type      { return typeScope }
func (v Scope) Check() error   { return scopeNumber.check(v) }
func (v Scope) String() string { return scopeNumber.print(v) }

// A RouteProtocol is who made a route or a rule (rtm_protocol).
type RouteProtocol uint8

var (
	routeProtocolNumber = &number[RouteProtocol]{max: 255, words: []word[RouteProtocol]{{"unspec", 0}, {"redirect", 1}, {"kernel", 2}, {"boot", 3}, {"static", 4}, {"gated", 8}, {"ra", 9}, {"mrt", 10}, {"zebra", 11}, {"bird", 12}, {"dnrouted", 13}, {"xorp", 14}, {"ntk", 15}, {"dhcp", 16}, {"mrouted", 17}, {"keepalived", 18}, {"babel", 42}, {"openr", 99}, {"bgp", 186}, {"isis", 187}, {"ospf", 188}, {"rip", 189}, {"eigrp", 192}}}
	typeRouteProtocol   = routeProtocolNumber.typ("protocol", "origin of a route: kernel, boot, static, ra, dhcp, bird, ... or 0 to 255")
)

func (RouteProtocol) Type() *Type      { return typeRouteProtocol }
func (v RouteProtocol) Check() error   { return routeProtocolNumber.check(v) }
func (v RouteProtocol) String() string { return routeProtocolNumber.print(v) }

// A RouteType is what becomes of a packet (rtm_type).
type RouteType uint8

var (
	routeTypeNumber = &number[RouteType]{closed: true, words: []word[RouteType]{{"unicast", 1}, {"local", 2}, {"broadcast", 3}, {"anycast", 4}, {"multicast", 5}, {"blackhole", 6}, {"unreachable", 7}, {"prohibit", 8}, {"throw", 9}}}
	typeRouteType   = routeTypeNumber.typ("route-type", "unicast, local, broadcast, anycast, multicast, blackhole, unreachable, prohibit or throw")
)

func (RouteType) Type() *Type      { return typeRouteType }
func (v RouteType) Check() error   { return routeTypeNumber.check(v) }
func (v RouteType) String() string { return routeTypeNumber.print(v) }

// A Weight is a next hop's share of the traffic (rtnh_hops + 1).
type Weight uint16

var (
	weightNumber = &number[Weight]{min: 1, max: 256}
	typeWeight   = weightNumber.typ("weight", "share of the traffic, 1 to 256")
)

func (Weight) Type() *Type      { return typeWeight }
func (v Weight) Check() error   { return weightNumber.check(v) }
func (v Weight) String() string { return weightNumber.print(v) }

// A RoutePreference is that of RFC 4191 (RTA_PREF).
type RoutePreference uint8

var (
	routePreferenceNumber = &number[RoutePreference]{closed: true, words: []word[RoutePreference]{{"medium", 0}, {"high", 1}, {"low", 3}}}
	typeRoutePreference   = routePreferenceNumber.typ("preference", "low, medium or high")
)

func (RoutePreference) Type() *Type      { return typeRoutePreference }
func (v RoutePreference) Check() error   { return routePreferenceNumber.check(v) }
func (v RoutePreference) String() string { return routePreferenceNumber.print(v) }

// A Realm is a routing realm (RTA_FLOW, FRA_FLOW).
type Realm uint32

var (
	realmNumber = &number[Realm]{max: 1<<32 - 1}
	typeRealm   = realmNumber.typ("realm", "realm, 0 to 4294967295; the upper half is the source realm")
)

func (Realm) Type() *Type      { return typeRealm }
func (v Realm) Check() error   { return realmNumber.check(v) }
func (v Realm) String() string { return realmNumber.print(v) }

// A Family is an address family.
type Family uint8

var (
	familyNumber = &number[Family]{closed: true, words: []word[Family]{{"inet", 2}, {"inet6", 10}}}
	typeFamily   = familyNumber.typ("family", "inet or inet6")
)

func (Family) Type() *Type      { return typeFamily }
func (v Family) Check() error   { return familyNumber.check(v) }
func (v Family) String() string { return familyNumber.print(v) }
