package protocol_test

import (
	"bytes"
	"net/netip"
	"reflect"
	"testing"

	"nethelper/pkg/ops"
	. "nethelper/pkg/protocol"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// everything has a field of each sort that messages are made of.
type everything struct {
	embedded
	Bool   bool         `cbor:"bool"`
	Int    int8         `cbor:"int"`
	Uint   uint16       `cbor:"uint"`
	Text   string       `cbor:"text"`
	Prefix netip.Prefix `cbor:"prefix"`
	Raw    Raw          `cbor:"raw"`
	May    *bool        `cbor:"may,omitempty"`
	Num    uint64       `cbor:"num,omitempty"`
	Addr   *netip.Addr  `cbor:"addr,omitempty"`
	Bytes  []byte       `cbor:"bytes,omitempty"`
	Texts  []string     `cbor:"texts,omitempty"`
	Raws   []Raw        `cbor:"raws,omitempty"`
	Group  *group       `cbor:"group,omitempty"`
	Groups []group      `cbor:"a,omitempty"`
}

type embedded struct {
	First uint32 `cbor:"first"`
}

type group struct {
	Long string    `cbor:"a name that takes more than a byte of length"`
	Deep *embedded `cbor:"deep,omitempty"`
}

// planned returns a new value of each type that travels: messages, and the params
// and the results of operations.
func planned() (all []func() any) {
	all = []func() any{
		func() any { return new(everything) }, func() any { return new(Hello) }, func() any { return new(Request) }, func() any { return new(Reply) },
	}
	for _, op := range ops.All {
		all = append(all, op.NewParams, op.NewResult)
	}
	return all
}

// Every type that travels has a plan.
func TestPlanned(t *testing.T) {
	for _, make := range planned() {
		v := make()
		if ok, _ := UnmarshalByPlan(nil, v); !ok {
			t.Errorf("%T has no plan", v)
		}
	}
}

// FuzzPlan: a plan accepts what the library together with encoding again accepts,
// makes the same of it, and encodes it in the same way.
func FuzzPlan(f *testing.F) {
	yes := true
	addr := netip.MustParseAddr("fd00::1")
	for _, v := range []any{
		&everything{Raw: Raw{0xf6}, Prefix: netip.MustParsePrefix("10.0.0.0/8")},
		&everything{
			embedded{7}, true, -128, 65535, "\u00fc", netip.MustParsePrefix("fd00::/64"), Raw{0x81, 0x01}, &yes, 1 << 40, &addr,
			bytes.Repeat([]byte{1}, 30), []string{"", "b"}, []Raw{{0x01}, {0xa0}}, &group{Long: "x", Deep: &embedded{}}, []group{{}, {Long: "y"}},
		},
		&Request{ID: 9, Op: "addr.add", Params: Raw{0xa1, 0x61, 0x61, 0x01}},
		&Reply{ID: 1, Items: []Raw{{0x01}}, More: true, Error: &Error{Code: Denied, Attr: "dev"}},
		&Hello{Version: 1, Build: "b", Limits: &Limits{1, 2}},
	} {
		data, err := Marshal(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	types := planned()
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, make := range types {
			ours, theirs := make(), make()
			_, accepted := UnmarshalByPlan(data, ours)
			err := UnmarshalByLibrary(data, theirs)
			if accepted != (err == nil) {
				t.Fatalf("%T: by plan %v, by the library %v: %x", ours, accepted, err, data)
			}
			if err != nil {
				continue
			}
			if !reflect.DeepEqual(ours, theirs) {
				t.Errorf("%T: %s", ours, cmp.Diff(ours, theirs, cmpopts.EquateComparable(netip.Prefix{}, netip.Addr{})))
			}
			again, err := Marshal(theirs)
			if err != nil || !bytes.Equal(again, data) {
				t.Errorf("%T: %x becomes %x, %v", ours, data, again, err)
			}
			if library, err := MarshalByLibrary(theirs); err != nil || !bytes.Equal(library, data) {
				t.Errorf("%T: by the library %x becomes %x, %v", ours, data, library, err)
			}
		}
	})
}

// To encode and to decode a message costs no memory but that which it has.
func TestAllocations(t *testing.T) {
	r := &Request{ID: 9, Op: "addr.add", Params: Raw{0xa1, 0x61, 0x61, 0x01}}
	message, err := Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var again Request
	for what, f := range map[string]struct {
		most float64
		do   func() error
	}{
		"encode": {0, func() (err error) { message, err = Append(message[:0], r); return err }},
		"decode": {1, func() error { return Unmarshal(message, &again) }}, // the name of the operation
	} {
		if n := testing.AllocsPerRun(100, func() {
			if err := f.do(); err != nil {
				t.Error(err)
			}
		}); n > f.most {
			t.Errorf("%s: %v allocations", what, n)
		}
	}
}
