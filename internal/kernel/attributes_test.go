package kernel

import (
	"bytes"
	"testing"

	"github.com/mdlayher/netlink"
)

// FuzzAttributes: what mdlayher/netlink takes for attributes is read as it reads it,
// but for attributes shorter than their header, which are refused.
func FuzzAttributes(f *testing.F) {
	f.Add([]byte{8, 0, 1, 0, 1, 2, 3, 4, 5, 0, 2, 0x80, 7, 0, 0, 0})
	f.Add([]byte{8, 0, 1, 0, 4, 0, 3, 0})
	f.Add([]byte{5, 0, 1, 0, 9})
	f.Add([]byte{12, 0, 1, 0, 1, 2, 3, 4, 5, 6, 7, 8})
	f.Fuzz(func(t *testing.T, b []byte) {
		theirs, theirErr := netlink.NewAttributeDecoder(b)
		ours, err := NewAttributes(b)
		if err != nil {
			if theirErr == nil {
				for theirs.Next() {
				}
				if theirs.Err() == nil && !hasShort(b) {
					t.Errorf("%x is refused", b)
				}
			}
			return
		}
		if theirErr != nil {
			t.Fatalf("%x is accepted, by the library not: %v", b, theirErr)
		}
		for ours.Next() {
			if !theirs.Next() || ours.Type() != theirs.Type() || !bytes.Equal(ours.Bytes(), theirs.Bytes()) {
				t.Fatalf("%x: %d %x, by the library %d %x", b, ours.Type(), ours.Bytes(), theirs.Type(), theirs.Bytes())
			}
			switch len(ours.Bytes()) {
			case 1:
				equal(t, ours.Uint8(), theirs.Uint8())
			case 2:
				equal(t, ours.Uint16(), theirs.Uint16())
			case 4:
				equal(t, ours.Uint32(), theirs.Uint32())
				equal(t, ours.Int32(), theirs.Int32())
			case 8:
				equal(t, ours.Uint64(), theirs.Uint64())
			}
		}
		if theirs.Next() || ours.Err() != nil || theirs.Err() != nil {
			t.Errorf("%x: ends with %v, by the library with %v", b, ours.Err(), theirs.Err())
		}
	})
}

// hasShort reports whether an attribute in b says that it is shorter than its header.
func hasShort(b []byte) bool {
	for len(b) >= 4 {
		n := int(b[0]) | int(b[1])<<8
		if n < 4 {
			return true
		}
		b = b[min(aligned(n), len(b)):]
	}
	return false
}

func equal[T comparable](t *testing.T, ours, theirs T) {
	t.Helper()
	if ours != theirs {
		t.Errorf("%v, by the library %v", ours, theirs)
	}
}

// An attribute of another size than it is read with is an error, and nothing is read
// behind it.
func TestAttributesSize(t *testing.T) {
	for what, read := range map[string]func(*Attributes) uint64{
		"8 bits":  func(a *Attributes) uint64 { return uint64(a.Uint8()) },
		"16 bits": func(a *Attributes) uint64 { return uint64(a.Uint16()) },
		"32 bits": func(a *Attributes) uint64 { return uint64(a.Uint32()) },
		"64 bits": func(a *Attributes) uint64 { return a.Uint64() },
	} {
		a, err := NewAttributes([]byte{7, 0, 1, 0, 1, 2, 3, 0, 8, 0, 2, 0, 1, 1, 1, 1})
		if err != nil || !a.Next() {
			t.Fatal(err)
		}
		if n := read(a); n != 0 || a.Err() == nil || a.Next() {
			t.Errorf("%s: %d, %v", what, n, a.Err())
		}
	}
}

// To go through the attributes of a message costs no memory but that of the iterator.
func TestAttributesAllocate(t *testing.T) {
	b := []byte{8, 0, 1, 0, 1, 2, 3, 4, 8, 0, 2, 0, 1, 1, 1, 1}
	var sum uint32
	if n := testing.AllocsPerRun(100, func() {
		a, err := NewAttributes(b)
		if err != nil {
			t.Fatal(err)
		}
		for a.Next() {
			sum += a.Uint32()
		}
	}); n > 1 {
		t.Errorf("%v allocations", n)
	}
}
