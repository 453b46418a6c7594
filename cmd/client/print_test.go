package main

import (
	"errors"
	"fmt"
	"iter"
	"net/netip"
	"strings"
	"testing"

	"nethelper/pkg/attr"
	"nethelper/pkg/ops"
)

// thing has a field of each form that a result can have.
type thing struct {
	Name    attr.IfName  `cbor:"name"`
	Index   *attr.Index  `cbor:"index,omitempty"`
	Table   attr.Table   `cbor:"table"`
	Mark    *attr.Mark   `cbor:"mark,omitempty"`
	Address *attr.Addr   `cbor:"address,omitempty"`
	Up      attr.Flag    `cbor:"up"`
	Ready   bool         `cbor:"ready"`
	Alias   attr.Text    `cbor:"alias,omitempty"`
	Note    string       `cbor:"note,omitempty"`
	Offset  int32        `cbor:"offset"`
	Digest  []byte       `cbor:"digest,omitempty"`
	Flags   []string     `cbor:"flags,omitempty"`
	Hops    []hop        `cbor:"hop,omitempty"`
	Group   *hop         `cbor:"group,omitempty"`
	Nothing *attr.Metric `cbor:"nothing"`
}

type hop struct {
	Via *attr.Addr `cbor:"via,omitempty"`
	Dev string     `cbor:"dev,omitempty"`
}

var columns = []ops.Column{{Name: "name"}, {Name: "table"}, {Name: "mark"}, {Name: "up"}, {Name: "note"}, {Name: "flags"}, {Name: "hop"}, {Name: "index", Wide: true}}

func full() *thing {
	index, mark := attr.Index(7), attr.Mark(0x10)
	address := attr.Addr{Addr: netip.MustParseAddr("10.0.0.1")}
	return &thing{
		Name: "lab0", Index: &index, Table: 254, Mark: &mark, Address: &address, Up: true, Ready: true,
		Alias: `to "switch", 3`, Note: "a\x1b[2Jb\xffc<>", Offset: -3, Digest: []byte{0, 255},
		Flags: []string{"a", "b"}, Hops: []hop{{Via: &address}, {Via: &address, Dev: "x"}}, Group: &hop{Dev: "y"},
	}
}

func TestJSON(t *testing.T) {
	for _, c := range []struct {
		name string
		in   *thing
		want string
	}{
		{"what is there", full(), `{"name":"lab0","index":7,"table":"main","mark":"0x10","address":"10.0.0.1","up":true,"ready":true,` +
			`"alias":"to \"switch\", 3","note":"a\u001b[2Jb\ufffdc<>","offset":-3,"digest":"00ff","flags":["a","b"],` +
			`"hop":[{"via":"10.0.0.1"},{"via":"10.0.0.1","dev":"x"}],"group":{"dev":"y"},"nothing":null}` + "\n"},
		{"what is not there", &thing{Table: 1000}, `{"name":"","table":"1000","up":false,"ready":false,"offset":0,"nothing":null}` + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b strings.Builder
			if err := writeJSON(&b, c.in); err != nil || b.String() != c.want {
				t.Errorf("got  %swant %s%v", b.String(), c.want, err)
			}
		})
	}
}

var errBroken = errors.New("broken")

// listOf yields things with the names, and then the error, if there is one.
func listOf(err error, names ...attr.IfName) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for _, name := range names {
			if !yield(&thing{Name: name, Note: strings.Repeat("n", len(name))}, nil) {
				return
			}
		}
		if err != nil {
			yield(nil, err)
		}
	}
}

func TestJSONList(t *testing.T) {
	object := func(name string) string {
		return `{"name":"` + name + `","table":"0","up":false,"ready":false,"note":"` + strings.Repeat("n", len(name)) + `","offset":0,"nothing":null}`
	}
	for _, c := range []struct {
		name string
		list iter.Seq2[any, error]
		want string
		err  error
	}{
		{"nothing", listOf(nil), "[]\n", nil},
		{"one", listOf(nil, "a"), "[" + object("a") + "]\n", nil},
		{"two", listOf(nil, "a", "bb"), "[" + object("a") + ",\n" + object("bb") + "]\n", nil},
		{"an error at once", listOf(errBroken), "", errBroken},
		{"an error behind one", listOf(errBroken, "a"), "[" + object("a"), errBroken},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b strings.Builder
			if err := writeJSONList(&b, c.list); err != c.err || b.String() != c.want {
				t.Errorf("got %q, %v\nwant %q, %v", b.String(), err, c.want, c.err)
			}
		})
	}
}

func TestTable(t *testing.T) {
	for _, c := range []struct {
		name string
		list iter.Seq2[any, error]
		want string
		err  error
	}{
		{"nothing", listOf(nil), "", nil},
		{"columns are as wide as their widest cell", listOf(nil, "a", "a-long-name"), `
NAME         TABLE  MARK  UP   NOTE         FLAGS  HOP
a            0      -     off  n            -      -
a-long-name  0      -     off  nnnnnnnnnnn  -      -
`, nil},
		{"an error behind a row", listOf(errBroken, "a"), `
NAME  TABLE  MARK  UP   NOTE  FLAGS  HOP
a     0      -     off  n     -      -
`, errBroken},
		{"every form", func(yield func(any, error) bool) { yield(full(), nil) }, `
NAME  TABLE  MARK  UP  NOTE              FLAGS  HOP
lab0  main   0x10  on  a\x1b[2Jb\xffc<>  a,b    via=10.0.0.1,via=10.0.0.1;dev=x
`, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b strings.Builder
			want := strings.TrimPrefix(c.want, "\n")
			if err := writeTable(&b, columns, c.list); err != c.err || b.String() != want {
				t.Errorf("got %v\n%s\nwant\n%s", err, b.String(), want)
			}
		})
	}
}

// A table longer than the sample is printed as it comes.
func TestLongTable(t *testing.T) {
	names := make([]attr.IfName, 3*sample)
	for i := range names {
		names[i] = "x"
	}
	var b strings.Builder
	if err := writeTable(&b, columns, listOf(errBroken, names...)); err != errBroken {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "\n"); n != len(names)+1 {
		t.Errorf("%d lines, want %d", n, len(names)+1)
	}
}

func TestFields(t *testing.T) {
	var b strings.Builder
	want := "name   lab0\ntable  main\nmark   0x10\nup     on\nnote   a\\x1b[2Jb\\xffc<>\nflags  a,b\n" +
		"hop    via=10.0.0.1,via=10.0.0.1;dev=x\nindex  7\n"
	if err := writeFields(&b, columns, full()); err != nil || b.String() != want {
		t.Errorf("got %v\n%s\nwant\n%s", err, b.String(), want)
	}
}

func TestChangesAreSilentUnlessThereIsNone(t *testing.T) {
	var stdout, stderr strings.Builder
	p := people{&stdout, func(format string, args ...any) { fmt.Fprintf(&stderr, format, args...) }}
	for _, result := range []any{&ops.Done{Changed: true}, &ops.LinkAdded{Done: ops.Done{Changed: true}, Index: 3}, &ops.Done{}} {
		if err := p.result(ops.LinkAdd.Op, result); err != nil {
			t.Error(err)
		}
	}
	if stdout.String() != "" || stderr.String() != "link.add: unchanged" {
		t.Errorf("got %q and %q", stdout.String(), stderr.String())
	}
}

func TestWriteErrorsAreReturned(t *testing.T) {
	for name, write := range map[string]func() error{
		"table":  func() error { return writeTable(broken{}, columns, listOf(nil, "a")) },
		"fields": func() error { return writeFields(broken{}, columns, full()) },
		"object": func() error { return writeJSON(broken{}, full()) },
		"array":  func() error { return writeJSONList(broken{}, listOf(nil)) },
		"lines":  func() error { return numbered{broken{}, 1}.list(nil, listOf(nil, "a")) },
	} {
		if err := write(); err != errBroken {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A broken writer has no room.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestNumberedLists(t *testing.T) {
	for _, c := range []struct {
		name string
		list iter.Seq2[any, error]
		want string
	}{
		{"nothing", listOf(nil), `{"line":3,"items":[]}` + "\n"},
		{"an error behind an item", listOf(errBroken, ""), `{"line":3,"items":[{"name":"","table":"0","up":false,"ready":false,"offset":0,"nothing":null}],` +
			`"error":{"code":"internal","message":"broken"}}` + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b strings.Builder
			err := numbered{&b, 3}.list(nil, c.list)
			if b.String() != c.want || err != nil && !errors.As(err, new(reported)) {
				t.Errorf("got %s %v\nwant %s", b.String(), err, c.want)
			}
		})
	}
}
