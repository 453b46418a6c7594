package ops

import (
	"errors"
	"testing"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

func TestNSIDMessage(t *testing.T) {
	sameOctets(t, encodeGetNSID(5).Body(), octets(t, "00 00 00 00  08 00 03 00  05 00 00 00"))
	for message, want := range map[string]string{
		"00 00 00 00  08 00 01 00  07 00 00 00": "7",
		"00 00 00 00  08 00 01 00  ff ff ff ff": "none",
		"00 00 00 00":                           "none",
		"00 00 00":                              "error",
		"00 00 00 00  06 00 01 00  07 00 00 00": "error",
	} {
		got := "none"
		switch id, err := decodeNSID(octets(t, message)); {
		case err != nil:
			got = "error"
		case id != nil:
			got = attr.Quantity(*id).String()
		}
		if got != want {
			t.Errorf("%s: %s, want %s", message, got, want)
		}
	}
}

// The helper's own namespace has no name that could be made or deleted.
func TestNetNSRefuses(t *testing.T) {
	for _, op := range []*Op{NetNSCreate.Op, NetNSDelete.Op} {
		_, err := readParams(op, "name=.")
		var a *attr.Error
		if !errors.As(err, &a) || a.Attr != "name" {
			t.Errorf("%s: %v", op.Name, err)
		}
	}
}

// A namespace has the number that the helper's own namespace knows it by.
func TestNSID(t *testing.T) {
	newNetns(t)
	k, err := kernel.New()
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	task := k.Begin(kernel.Sleep)
	if id, err := nsidOf(task, attr.OwnNetNS); err != nil || id != nil {
		t.Errorf("%v, %v, want no number", id, err)
	}
	own, err := task.In(nil)
	if err != nil {
		t.Fatal(err)
	}
	fd, done, err := task.Open("name", attr.OwnNetNS)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	r := kernel.NewRequest(unix.RTM_NEWNSID, 0, rtgenmsg{})
	r.Uint32("name", unix.NETNSA_FD, uint32(fd))
	r.Uint32("", unix.NETNSA_NSID, 12)
	if err := own.Do(r); err != nil {
		t.Fatal(err)
	}
	if id, err := nsidOf(task, attr.OwnNetNS); err != nil || id == nil || *id != 12 {
		t.Errorf("%v, %v, want 12", id, err)
	}
}

// FuzzDecodeNSID: whatever a message has, reading it ends.
func FuzzDecodeNSID(f *testing.F) {
	f.Add(octets(f, "00 00 00 00  08 00 01 00  07 00 00 00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if id, err := decodeNSID(b); err != nil && id != nil {
			t.Error("a number and an error")
		}
	})
}
