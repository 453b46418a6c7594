package ops

import (
	"errors"
	"flag"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"
	"nethelper/pkg/protocol"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the documents that are derived from the table of operations")

// objects is the order of the objects on the table.
var objects = []string{"netns", "link", "link.altname", "link.vf", "addr", "route", "rule", "neigh", "fdb"}

// TestAll checks that every operation is well-formed, documented and exercised
// by a script of its own.
func TestAll(t *testing.T) {
	name := regexp.MustCompile(`^[a-z]+(\.[a-z]+)+$`)
	last := -1
	for _, op := range All {
		t.Run(op.Name, func(t *testing.T) {
			if !name.MatchString(op.Name) {
				t.Error("the name is not object.verb")
			}
			object := slices.Index(objects, op.Object())
			if object < 0 {
				t.Fatalf("%s is not in objects, the order of this test", op.Object())
			}
			if object < last {
				t.Errorf("%s stands behind %s", op.Object(), objects[last])
			}
			last = object
			first, _ := utf8.DecodeRuneInString(op.Summary)
			if !unicode.IsLower(first) || strings.HasSuffix(op.Summary, ".") || len(op.Summary) > 70 {
				t.Errorf("summary %q: want a phrase in lower case without a period", op.Summary)
			}
			if !strings.HasSuffix(op.Doc, ")") {
				t.Errorf("doc %q names no source at its end", op.Doc)
			}
			for _, f := range op.Attrs() {
				if f.Help == "" || strings.HasSuffix(f.Help, ".") {
					t.Errorf("attribute %s: help %q", f.Name, f.Help)
				}
			}
			for _, c := range op.Result() {
				if c.Help == "" {
					t.Errorf("field %s of the result has no help", c.Name)
				}
			}
			script := "../../test/script/" + strings.ReplaceAll(op.Name, ".", "_") + ".txtar"
			text, err := os.ReadFile(script)
			if err != nil {
				t.Errorf("no script exercises it: %v", err)
			} else if !strings.Contains(string(text), "nethelperctl "+op.Name+" ") && !strings.Contains(string(text), "nethelperctl "+op.Name+"\n") && !strings.Contains(string(text), " "+op.Name) {
				t.Errorf("%s does not use it", script)
			}
		})
	}
}

// TestDocuments checks the documents that are derived from the table.
func TestDocuments(t *testing.T) {
	for file, want := range map[string]string{
		"../../docs/operations.md":  Manual(),
		"../../docs/nethelper.cddl": CDDL(),
	} {
		if *update {
			if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
				t.Error(err)
			}
			continue
		}
		got, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
		} else if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s is out of date; go test ./pkg/ops -update rewrites it:\n%s", file, diff)
		}
	}
}

// FuzzDecode: whatever an operation accepts as params, it encodes to the same
// bytes, and has an attribute list that reads back to the same params.
func FuzzDecode(f *testing.F) {
	for i, op := range All {
		f.Add(uint16(i), []byte{0xa0})
		if data, err := protocol.Marshal(op.NewParams()); err == nil {
			f.Add(uint16(i), data)
		}
		if data, err := protocol.Marshal(sampleParams(op)); err == nil {
			f.Add(uint16(i), data)
		}
	}
	f.Fuzz(func(t *testing.T, i uint16, data []byte) {
		op := All[int(i)%len(All)]
		call := new(Call)
		if err := call.Decode(op, data); err != nil {
			return
		}
		again := op.NewParams()
		for _, b := range call.Attrs {
			if b.Value == nil {
				continue
			}
			if err := attr.Set(op.Attrs(), again, b.Name(), b.Value.String()); err != nil {
				t.Fatalf("%s: %s: %v", op.Name, b, err)
			}
		}
		encoded, err := protocol.Marshal(again)
		if err != nil {
			t.Fatal(err)
		}
		if string(encoded) != string(data) {
			t.Errorf("%s: %s is spelled %s, which is %s", op.Name, protocol.Diagnose(data), call, protocol.Diagnose(encoded))
		}
	})
}

// sampleParams fills every attribute that has a word or a simple value.
func sampleParams(op *Op) any {
	params := op.NewParams()
	for _, f := range op.Attrs() {
		name := f.Name
		if f.Group != "" {
			name = f.Group + ".1" + strings.TrimPrefix(f.Name, f.Group)
		}
		for _, text := range append(f.Type.Words, "1", "lab0", "10.0.0.0/8", "10.0.0.1", "02:00:00:00:00:01") {
			if attr.Set(op.Attrs(), params, name, text) == nil {
				break
			}
		}
	}
	return params
}

// TestKnown checks that an attribute that the running kernel may not know is
// refused, and only where it is given.
func TestKnown(t *testing.T) {
	params := paramsOf[RuleAddParams](t, RuleAdd.Op, "family=inet priority=7 table=5 dscp=4")
	attrs := attr.Bind(RuleAdd.Attrs(), params)
	if err := known(attrs, attr.Release{Major: 6, Minor: 18}); err != nil {
		t.Errorf("on Linux 6.18: %v", err)
	}
	var e *kernel.Error
	if err := known(attrs, attr.Release{Major: 6, Minor: 1}); !errors.As(err, &e) || e.Attr != "dscp" {
		t.Errorf("dscp on Linux 6.1: %v", err)
	}
	params = paramsOf[RuleAddParams](t, RuleAdd.Op, "family=inet priority=7 table=5")
	if err := known(attr.Bind(RuleAdd.Attrs(), params), attr.Release{Major: 6, Minor: 1}); err != nil {
		t.Errorf("without dscp: %v", err)
	}
}
