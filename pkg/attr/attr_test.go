package attr

import (
	"encoding"
	"reflect"
	"strings"
	"testing"
)

// samples has, for every type, what it reads and what it refuses.
var samples = map[string]struct {
	// canonical texts are printed as they are read.
	canonical []string
	// aliases are read, and printed in another way.
	aliases map[string]string
	// refused texts are no values.
	refused []string
	// patterns are written canonically.
	patterns []string
	// badPatterns are none.
	badPatterns []string
}{
	"netns": {
		canonical:   []string{".", "qrouter-7", "a.b@c_d-e", "0", strings.Repeat("n", 255)},
		refused:     []string{"", "..", "/run/netns/a", "a/b", "../a", "-a", ".a", "a b", "a\n", "a\x00", "é", "a%d", "a:b", strings.Repeat("n", 256)},
		patterns:    []string{".", "qrouter-*", "*", "a?c"},
		badPatterns: []string{"", "a/b", "a b", "a[bc]", "a:b"},
	},
	"ifname": {
		canonical:   []string{"lo", "qr-1234", "eth0.100", "veth@1", "fifteen-bytes-x"},
		refused:     []string{"", ".", "..", "sixteen-bytes-xx", "a/b", "a:b", "a b", "a\n", "veth%d", "-a", "é", "a\x00"},
		patterns:    []string{"qr-*", "*", "eth?", "lo"},
		badPatterns: []string{"", "a b", "a/b", "qr-%d", "sixteen-bytes-x*"},
	},
	"altname": {
		canonical:   []string{"enp0s31f6-of-the-uplink", strings.Repeat("n", 127)},
		refused:     []string{"", "..", "a/b", "a b", "-a", "a%d", strings.Repeat("n", 128)},
		patterns:    []string{"uplink-*"},
		badPatterns: []string{"a b", ""},
	},
	"lladdr": {
		canonical:   []string{"fa:16:3e:00:00:01", "00", strings.TrimSuffix(strings.Repeat("ab:", 32), ":")},
		aliases:     map[string]string{"FA:16:3E:00:00:01": "fa:16:3e:00:00:01"},
		refused:     []string{"", "fa:16:3e:00:00:1", "fa-16-3e-00-00-01", "fa:16:3e:00:00:01:", "g0:16", " fa:16", strings.TrimSuffix(strings.Repeat("ab:", 33), ":")},
		patterns:    []string{"fa:16:3e:00:00:01", "fa:16:3e:*"},
		badPatterns: []string{"", ":*", "fa:16*", "fa:16:3e:?"},
	},
	"address": {
		canonical:   []string{"10.0.0.1", "fd00::1", "::", "0.0.0.0"},
		aliases:     map[string]string{"FD00:0:0::1": "fd00::1"},
		refused:     []string{"", "10.0.0.1/24", "fe80::1%eth0", "::ffff:10.0.0.1", "010.0.0.1", "10.0.0", "10.0.0.1 ", "localhost"},
		patterns:    []string{"10.0.0.0/8", "10.0.0.1/32", "fd00::/8"},
		badPatterns: []string{"", "10.0.0.1/8", "::ffff:10.0.0.0/104", "fe80::%eth0/64", "10.0.0.0/33", "10.*"},
	},
	"prefix": {
		canonical:   []string{"10.0.0.0/8", "0.0.0.0/0", "::/0", "fd00::/64", "10.0.0.1/32"},
		aliases:     map[string]string{"default": "0.0.0.0/0", "10.0.0.1": "10.0.0.1/32", "fd00::1": "fd00::1/128"},
		refused:     []string{"", "10.0.0.1/8", "10.0.0.0/33", "::ffff:10.0.0.0/104", "10.0.0.0/08", "10.0.0.0/-1", "fd00::1%1/64", "all"},
		patterns:    []string{"default", "10.0.0.0/8", "10.0.0.0/8{16..24}", "10.0.0.0/8{16}", "10.0.0.0/8{8}", "fd00::/8{48..64}", "0.0.0.0/0", "10.0.0.1/32"},
		badPatterns: []string{"", "10.0.0.1/8", "10.0.0.0/8{7..9}", "10.0.0.0/8{9..8}", "10.0.0.0/8{9..9}", "10.0.0.0/8{9", "10.0.0.0/8{}", "10.0.0.0/8{9..33}", "10.0.0.0/8}"},
	},
	"ifaddr": {
		canonical:   []string{"10.42.7.1/24", "fd00::1/64", "10.0.0.0/8", "10.0.0.1/32"},
		aliases:     map[string]string{"10.0.0.1": "10.0.0.1/32"},
		refused:     []string{"", "10.42.7.1/33", "::ffff:10.0.0.1/120", "default", "fe80::1%lo/64"},
		patterns:    []string{"10.42.0.0/16", "10.42.0.0/16{24}", "10.42.7.1/24"},
		badPatterns: []string{"", "10.42.7.1/24{24}", "10.42.7.1/33", "default"},
	},
	"family":           {canonical: []string{"inet", "inet6"}, refused: []string{"", "2", "inet4"}, patterns: []string{"inet"}, badPatterns: []string{"inet..inet6", "2"}},
	"table":            {canonical: []string{"main", "local", "default", "1", "4294967295"}, aliases: map[string]string{"254": "main"}, refused: []string{"", "0", "4294967296", "-1", "+1", "01", "0x1", "Main"}, patterns: []string{"main", "1000..1999", "1..default"}, badPatterns: []string{"0..5", "5..1", "5..5", "..", "1.."}},
	"metric":           {canonical: []string{"0", "1024", "4294967295"}, refused: []string{"", "4294967296", "-1", "1_0", "1e3"}, patterns: []string{"0", "0..1024"}, badPatterns: []string{"x", "3..2"}},
	"priority":         {canonical: []string{"0", "32766"}, refused: []string{"", "-1"}, patterns: []string{"1000..2000"}, badPatterns: []string{"2..1"}},
	"scope":            {canonical: []string{"global", "site", "link", "host", "nowhere", "17"}, aliases: map[string]string{"universe": "global", "0": "global"}, refused: []string{"", "256"}, patterns: []string{"global", "link..nowhere"}, badPatterns: []string{"everywhere"}},
	"protocol":         {canonical: []string{"static", "kernel", "77"}, aliases: map[string]string{"4": "static"}, refused: []string{"", "256", "Static"}, patterns: []string{"static", "100..200"}, badPatterns: []string{""}},
	"route-type":       {canonical: []string{"unicast", "blackhole"}, refused: []string{"", "1", "local "}, patterns: []string{"unicast"}, badPatterns: []string{"unicast..throw"}},
	"mtu":              {canonical: []string{"1", "1500", "2147483647"}, refused: []string{"", "0", "2147483648", "1500.0"}, patterns: []string{"1280..9000"}, badPatterns: []string{"0..1"}},
	"kind":             {canonical: []string{"bridge", "veth"}, refused: []string{"", "Bridge", "openvswitch"}, patterns: []string{"bridge"}, badPatterns: []string{"br*", ""}},
	"vlan":             {canonical: []string{"1", "4094"}, refused: []string{"", "0", "4095"}, patterns: []string{"100..200"}, badPatterns: []string{"0..2"}},
	"vlan-protocol":    {canonical: []string{"802.1q", "802.1ad"}, refused: []string{"", "33024"}, patterns: []string{"802.1q"}, badPatterns: []string{"802.1*"}},
	"qos":              {canonical: []string{"0", "7"}, refused: []string{"", "8"}, patterns: []string{"0..7"}, badPatterns: []string{"0..8"}},
	"vni":              {canonical: []string{"0", "16777215"}, refused: []string{"", "16777216"}, patterns: []string{"1000..1999"}, badPatterns: []string{"a"}},
	"port":             {canonical: []string{"1", "65535"}, refused: []string{"", "0", "65536"}, patterns: []string{"4789"}, badPatterns: []string{"0"}},
	"port-range":       {canonical: []string{"53", "1024-65535"}, refused: []string{"", "0", "5-1", "5-5", "1-65536", "1..2"}, patterns: []string{"53", "1..1024"}, badPatterns: []string{"1-2", "2..1", "0..1"}},
	"macvlan-mode":     {canonical: []string{"bridge", "private"}, refused: []string{"", "4"}, patterns: []string{"bridge"}, badPatterns: []string{"x"}},
	"addr-protocol":    {canonical: []string{"unspec", "kernel_ra", "77"}, aliases: map[string]string{"2": "kernel_ra"}, refused: []string{"", "256", "ra"}, patterns: []string{"kernel_ll", "100..200"}, badPatterns: []string{""}},
	"fdb-state":        {canonical: []string{"permanent", "static", "dynamic"}, refused: []string{"", "temp", "Static"}, patterns: []string{"static"}, badPatterns: []string{"st*"}},
	"neigh-state":      {canonical: []string{"permanent", "none"}, refused: []string{"", "128"}, patterns: []string{"permanent"}, badPatterns: []string{"x"}},
	"tos":              {canonical: []string{"0x0", "0x10"}, aliases: map[string]string{"16": "0x10"}, refused: []string{"", "256", "0x"}, patterns: []string{"0x10..0x20"}, badPatterns: []string{"0x20..0x10"}},
	"ttl":              {canonical: []string{"0", "64"}, refused: []string{"", "256"}, patterns: []string{"64"}, badPatterns: []string{"x"}},
	"mark":             {canonical: []string{"0x1", "0xffffffff"}, aliases: map[string]string{"1": "0x1"}, refused: []string{"", "0x100000000", "0x01", "-1"}, patterns: []string{"0x1..0xff"}, badPatterns: []string{"0xff..0x1"}},
	"uid-range":        {canonical: []string{"0", "1000-1999"}, refused: []string{"", "4294967295", "0-4294967295", "2-1", "-1"}, patterns: []string{"1000..1999"}, badPatterns: []string{"1000-1999"}},
	"ip-protocol":      {canonical: []string{"tcp", "255"}, aliases: map[string]string{"6": "tcp"}, refused: []string{"", "0", "256"}, patterns: []string{"tcp"}, badPatterns: []string{"t*"}},
	"prefix-length":    {canonical: []string{"0", "128"}, refused: []string{"", "129"}, patterns: []string{"0..32"}, badPatterns: []string{"x"}},
	"rule-action":      {canonical: []string{"table", "prohibit"}, refused: []string{"", "1"}, patterns: []string{"table"}, badPatterns: []string{"*"}},
	"tunnel-id":        {canonical: []string{"0", "18446744073709551615"}, refused: []string{"", "18446744073709551616"}, patterns: []string{"1..2"}, badPatterns: []string{"2..1"}},
	"realm":            {canonical: []string{"0", "65537"}, refused: []string{"", "x"}, patterns: []string{"1"}, badPatterns: []string{"x"}},
	"weight":           {canonical: []string{"1", "256"}, refused: []string{"", "0", "257"}, patterns: []string{"1..10"}, badPatterns: []string{"0"}},
	"preference":       {canonical: []string{"low", "medium", "high"}, refused: []string{"", "0"}, patterns: []string{"low"}, badPatterns: []string{"low..high"}},
	"congestion":       {canonical: []string{"cubic"}, refused: []string{"", "vegas; rm"}, patterns: []string{"bbr"}, badPatterns: []string{"*"}},
	"lifetime":         {canonical: []string{"0", "3600", "forever"}, aliases: map[string]string{"4294967295": "forever"}, refused: []string{"", "4294967296"}, patterns: []string{"0..3600", "60..forever"}, badPatterns: []string{"never"}},
	"label":            {canonical: []string{"eth0", "eth0:1"}, refused: []string{"", ":1", "a b", "sixteen-bytes-xx"}, patterns: []string{"eth0:*"}, badPatterns: []string{"a b"}},
	"centiseconds":     {canonical: []string{"0", "1500"}, refused: []string{"", "-1"}, patterns: []string{"0..1500"}, badPatterns: []string{"x"}},
	"seconds":          {canonical: []string{"0", "300"}, refused: []string{"", "-1"}, patterns: []string{"300"}, badPatterns: []string{"x"}},
	"milliseconds":     {canonical: []string{"0", "30000"}, refused: []string{"", "30001"}, patterns: []string{"0..3000"}, badPatterns: []string{"x"}},
	"dscp":             {canonical: []string{"0", "63"}, refused: []string{"", "64"}, patterns: []string{"8..16"}, badPatterns: []string{"0..64"}},
	"port-mask":        {canonical: []string{"0x1", "0xffff"}, aliases: map[string]string{"255": "0xff"}, refused: []string{"", "0", "0x10000"}, patterns: []string{"0xff"}, badPatterns: []string{"0x0"}},
	"quantity":         {canonical: []string{"0", "4294967295"}, refused: []string{"", "4294967296"}, patterns: []string{"1..10"}, badPatterns: []string{"x"}},
	"count":            {canonical: []string{"0", "18446744073709551615"}, refused: []string{"", "-1"}, patterns: []string{"5"}, badPatterns: []string{"x"}},
	"mbit":             {canonical: []string{"0", "1000"}, refused: []string{"", "x"}, patterns: []string{"0..1000"}, badPatterns: []string{"x"}},
	"vf":               {canonical: []string{"0", "65535"}, refused: []string{"", "65536"}, patterns: []string{"0..7"}, badPatterns: []string{"x"}},
	"vf-state":         {canonical: []string{"auto", "enable", "disable"}, refused: []string{"", "1"}, patterns: []string{"auto"}, badPatterns: []string{"x"}},
	"link-group":       {canonical: []string{"default", "7", "4294967295"}, aliases: map[string]string{"0": "default"}, refused: []string{"", "-1", "4294967296"}, patterns: []string{"default", "1..9"}, badPatterns: []string{"x"}},
	"queue-length":     {canonical: []string{"0", "4294967295"}, refused: []string{"", "4294967296"}, patterns: []string{"0..1000"}, badPatterns: []string{"x"}},
	"queue-count":      {canonical: []string{"1", "4096"}, refused: []string{"", "0", "4097"}, patterns: []string{"1..8"}, badPatterns: []string{"0..8"}},
	"limit":            {canonical: []string{"0", "4294967295"}, refused: []string{"", "4294967296"}, patterns: []string{"1..1024"}, badPatterns: []string{"x"}},
	"flow-label":       {canonical: []string{"0x0", "0xfffff"}, aliases: map[string]string{"74565": "0x12345"}, refused: []string{"", "0x100000"}, patterns: []string{"0x1..0xff"}, badPatterns: []string{"0xff..0x1"}},
	"df":               {canonical: []string{"unset", "set", "inherit"}, refused: []string{"", "1"}, patterns: []string{"set"}, badPatterns: []string{"unset..set"}},
	"bridge-priority":  {canonical: []string{"0", "32768", "65535"}, refused: []string{"", "65536"}, patterns: []string{"32768..65535"}, badPatterns: []string{"x"}},
	"forward-mask":     {canonical: []string{"0x0", "0xffff"}, aliases: map[string]string{"8": "0x8"}, refused: []string{"", "0x10000"}, patterns: []string{"0x8"}, badPatterns: []string{"x"}},
	"port-vlan":        {canonical: []string{"none", "1", "4094"}, aliases: map[string]string{"0": "none"}, refused: []string{"", "4095"}, patterns: []string{"none", "100..200"}, badPatterns: []string{"1..4095"}},
	"multicast-router": {canonical: []string{"never", "query", "always"}, refused: []string{"", "1"}, patterns: []string{"never"}, badPatterns: []string{"never..always"}},
	"igmp-version":     {canonical: []string{"2", "3"}, refused: []string{"", "1", "4"}, patterns: []string{"2..3"}, badPatterns: []string{"1"}},
	"mld-version":      {canonical: []string{"1", "2"}, refused: []string{"", "0", "3"}, patterns: []string{"2"}, badPatterns: []string{"3"}},
	"query-count":      {canonical: []string{"0", "4294967295"}, refused: []string{"", "4294967296"}, patterns: []string{"1..4"}, badPatterns: []string{"x"}},
	"ifindex":          {canonical: []string{"1", "2147483647"}, refused: []string{"", "0", "2147483648"}, patterns: []string{"1..9"}, badPatterns: []string{"0"}},
	"flag":             {canonical: []string{"on", "off"}, refused: []string{"", "true", "1", "ON"}, patterns: []string{"on"}, badPatterns: []string{"x", ""}},
	"tolerance":        {canonical: []string{"ok", "error"}, refused: []string{"", "on"}, patterns: []string{"ok"}, badPatterns: []string{"x"}},
	"text": {
		canonical:   []string{"", "tap-for-vm", `a\x20b`, `\xc3\xa9`, `a\x2cb`, `\x5c`, "*"},
		aliases:     map[string]string{"a b": `a\x20b`, "é": `\xc3\xa9`, "a,b": `a\x2cb`, `\x41`: "A"},
		refused:     []string{"a\nb", "\x1b[2J", "\x00", "\xff", `\`, `\n`, `\x1`, `\x0a`, strings.Repeat("x", 256)},
		patterns:    []string{"vm-*", `a\x20*`},
		badPatterns: []string{"", "\n", `\x0a`, `\x2a`, `vm\x3f`},
	},
}

// TestLaws checks what holds for every type.
func TestLaws(t *testing.T) {
	seen := make(map[string]bool)
	for _, typ := range Types {
		if seen[typ.Name] {
			t.Errorf("type %s is there twice", typ.Name)
		}
		seen[typ.Name] = true
		s, ok := samples[typ.Name]
		if !ok {
			t.Errorf("type %s has no samples", typ.Name)
			continue
		}
		t.Run(typ.Name, func(t *testing.T) {
			if typ.Doc == "" || typ.CDDL == "" {
				t.Error("the type is not documented")
			}
			for _, text := range s.canonical {
				lawsOfValue(t, typ, text, text)
			}
			for text, want := range s.aliases {
				lawsOfValue(t, typ, text, want)
			}
			for _, w := range typ.Words {
				if _, err := typ.Parse(w); err != nil {
					t.Errorf("word %q: %v", w, err)
				}
			}
			for _, text := range s.refused {
				if v, err := typ.Parse(text); err == nil {
					t.Errorf("Parse(%q) = %v, want an error", text, v)
				} else if strings.ContainsAny(err.Error(), "\n\x00\x1b") {
					t.Errorf("Parse(%q): the error has control bytes: %q", text, err)
				}
			}
			for _, text := range s.patterns {
				p, err := typ.Pattern(text)
				if err != nil {
					t.Errorf("Pattern(%q): %v", text, err)
				} else if p.String() != text {
					t.Errorf("Pattern(%q) prints %q", text, p)
				}
			}
			for _, text := range s.badPatterns {
				if p, err := typ.Pattern(text); err == nil {
					t.Errorf("Pattern(%q) = %v, want an error", text, p)
				}
			}
			// A pattern never matches a value of another type.
			for _, text := range s.patterns {
				p, err := typ.Pattern(text)
				if err != nil {
					continue
				}
				for _, other := range Types {
					if len(samples[other.Name].canonical) == 0 {
						continue // which is reported above
					}
					if v, err := other.Parse(samples[other.Name].canonical[0]); other != typ && err == nil && p.Match(v) && !sharesPattern(typ, other) {
						t.Errorf("pattern %q matches the %s %v", text, other.Name, v)
					}
				}
			}
		})
	}
	for name := range samples {
		if !seen[name] {
			t.Errorf("samples of %s, which is no type", name)
		}
	}
}

// sharesPattern reports whether patterns of the types are the same: those of
// addresses and prefixes, and those of ranges. A field has one type, so a
// pattern never meets the other.
func sharesPattern(a, b *Type) bool {
	class := map[*Type]int{typeAddr: 1, typePrefix: 1, typeIfAddr: 1, typePortRange: 2, typeUIDRange: 2}
	return class[a] != 0 && class[a] == class[b]
}

func lawsOfValue(t *testing.T, typ *Type, text, canonical string) {
	t.Helper()
	v, err := typ.Parse(text)
	if err != nil {
		t.Errorf("Parse(%q): %v", text, err)
		return
	}
	if err := v.Check(); err != nil {
		t.Errorf("Parse(%q) passes, Check says %v", text, err)
	}
	if v.Type() != typ {
		t.Errorf("%q is of type %s", text, v.Type().Name)
	}
	if got := v.String(); got != canonical {
		t.Errorf("%q prints %q, want %q", text, got, canonical)
	}
	if strings.ContainsFunc(v.String(), func(r rune) bool { return r <= ' ' || r >= 0x7f || r == ',' }) {
		t.Errorf("%q prints %q, which is not one word", text, v)
	}
	again, err := typ.Parse(v.String())
	if err != nil || !reflect.DeepEqual(again, v) {
		t.Errorf("Parse(%q) = %v, %v, want %v", v.String(), again, err, v)
	}
	if m, ok := v.(encoding.BinaryMarshaler); ok {
		data, err := m.MarshalBinary()
		back := reflect.New(reflect.TypeOf(v))
		if err != nil {
			t.Errorf("%v: MarshalBinary: %v", v, err)
		} else if err := back.Interface().(encoding.BinaryUnmarshaler).UnmarshalBinary(data); err != nil || back.Elem().Interface() != v {
			t.Errorf("%v: %x is read back as %v, %v", v, data, back.Elem(), err)
		}
	}
}

// TestMatch is the table of what patterns mean.
func TestMatch(t *testing.T) {
	for _, c := range []struct {
		typ            *Type
		pattern, value string
		want           bool
		why            string
	}{
		{typeIfName, "qr-*", "qr-1", true, "a star stands for any run"},
		{typeIfName, "qr-*", "qr-", true, "also for none"},
		{typeIfName, "qr-*", "xqr-1", false, "the whole name has to match"},
		{typeIfName, "qr-", "qr-1", false, "a name is no prefix of names"},
		{typeIfName, "*-*-1", "a-b-1", true, "several stars"},
		{typeIfName, "eth?", "eth", false, "a question mark stands for one character"},
		{typeNetNS, "*", ".", false, "the own namespace has to be named"},
		{typeNetNS, "?", ".", false, "the own namespace has to be named"},
		{typeNetNS, ".", ".", true, "so it is"},
		{typeNetNS, "*", "qrouter-7", true, "any name"},
		{typeLLAddr, "fa:16:3e:*", "fa:16:3e:00:00:01", true, "begins with the octets"},
		{typeLLAddr, "fa:16:3e:*", "fa:16:3e", false, "something has to follow"},
		{typeLLAddr, "fa:16:3e:*", "fa:16:3f:00:00:01", false, "another vendor"},
		{typeAddr, "10.0.0.0/8", "10.255.0.1", true, "inside"},
		{typeAddr, "10.0.0.0/8", "11.0.0.1", false, "outside"},
		{typeAddr, "0.0.0.0/0", "::", false, "the families never meet"},
		{typeAddr, "::/0", "0.0.0.0", false, "the families never meet"},
		{typePrefix, "10.0.0.0/8", "10.1.0.0/16", true, "a part of it"},
		{typePrefix, "10.0.0.0/8", "10.0.0.0/8", true, "all of it"},
		{typePrefix, "10.0.0.0/8", "10.0.0.0/7", false, "more than it"},
		{typePrefix, "10.0.0.0/8", "0.0.0.0/0", false, "much more than it"},
		{typePrefix, "10.0.0.0/8{16..24}", "10.1.0.0/16", true, "length within the bounds"},
		{typePrefix, "10.0.0.0/8{16..24}", "10.0.0.0/15", false, "too wide"},
		{typePrefix, "10.0.0.0/8{16..24}", "10.0.0.1/32", false, "too narrow"},
		{typePrefix, "default", "0.0.0.0/0", true, "the default route"},
		{typePrefix, "default", "::/0", true, "of either family"},
		{typePrefix, "default", "0.0.0.0/1", false, "half of it is no default route"},
		{typePrefix, "0.0.0.0/0", "0.0.0.0/0", true, "everything holds the default route"},
		{typeIfAddr, "10.42.0.0/16", "10.42.7.1/24", true, "address and network inside"},
		{typeIfAddr, "10.42.0.0/16", "10.42.7.1/8", false, "the network is wider"},
		{typeIfAddr, "10.42.0.0/16", "10.43.7.1/24", false, "the address is elsewhere"},
		{typeIfAddr, "10.42.7.1/24", "10.42.7.1/24", true, "an address with host bits is itself"},
		{typeIfAddr, "10.42.7.1/24", "10.42.7.1/32", false, "with that length"},
		{typeIfAddr, "10.42.7.1/24", "10.42.7.2/24", false, "and nothing else"},
		{typeTable, "1000..1999", "1999", true, "both ends belong to a range"},
		{typeTable, "1000..1999", "2000", false, "outside"},
		{typeTable, "main", "254", true, "a word and its number are one value"},
		{typeTable, "1..1000", "main", true, "main is table 254"},
		{typePortRange, "1..1024", "53", true, "inside"},
		{typePortRange, "1..1024", "1000-1100", false, "reaches outside"},
		{typeText, "vm*", "vm one", true, "free text"},
		{typeText, "vm", "vm one", false, "the whole text has to match"},
		{typeFlag, "on", "off", false, "the other value"},
	} {
		p, err := c.typ.Pattern(c.pattern)
		if err != nil {
			t.Errorf("%s %q: %v", c.typ.Name, c.pattern, err)
			continue
		}
		v, err := c.typ.Parse(c.value)
		if err != nil {
			t.Errorf("%s %q: %v", c.typ.Name, c.value, err)
			continue
		}
		if got := p.Match(v); got != c.want {
			t.Errorf("%s: pattern %q, value %q: %v, want %v: %s", c.typ.Name, c.pattern, c.value, got, c.want, c.why)
		}
	}
}

// TestZero checks the types whose zero value means nothing: it is refused.
func TestZero(t *testing.T) {
	for _, v := range []Value{
		NetNS(""), IfName(""), LLAddr{}, Addr{}, Prefix{}, IfAddr{}, Family(0), Table(0), RouteType(0), MTU(0),
		Kind(""), VLAN(0), VLANProtocol(0), Port(0), PortRange{}, MACVLANMode(0), IPProtocol(0), RuleAction(0),
		Weight(0), Congestion(""), Label(""), Index(0), Tolerance(""),
	} {
		if v.Check() == nil {
			t.Errorf("%T: the zero value passes", v)
		}
	}
}

// FuzzParse holds every type to its laws on any text.
func FuzzParse(f *testing.F) {
	for i, typ := range Types {
		s := samples[typ.Name]
		for _, texts := range [][]string{s.canonical, s.refused, s.patterns, s.badPatterns} {
			for _, text := range texts {
				f.Add(uint8(i), text)
			}
		}
	}
	f.Fuzz(func(t *testing.T, i uint8, text string) {
		typ := Types[int(i)%len(Types)]
		if v, err := typ.Parse(text); err == nil {
			lawsOfValue(t, typ, text, v.String())
		}
		if p, err := typ.Pattern(text); err == nil {
			again, err := typ.Pattern(p.String())
			if err != nil || again.String() != p.String() {
				t.Errorf("%s: pattern %q prints %q, which reads as %v, %v", typ.Name, text, p, again, err)
			}
			for _, sample := range samples[typ.Name].canonical {
				if v, verr := typ.Parse(sample); err == nil && verr == nil && p.Match(v) != again.Match(v) {
					t.Errorf("%s: pattern %q and its print %q differ on %q", typ.Name, text, p, sample)
				}
			}
		}
	})
}
