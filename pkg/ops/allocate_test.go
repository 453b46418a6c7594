package ops

import (
	"encoding/binary"
	"testing"

	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// To hand a plain route on from the kernel to the caller costs no memory, so that a
// list takes as much however long it is.
func TestRouteAllocates(t *testing.T) {
	b := make([]byte, unix.SizeofRtMsg)
	b[0], b[1], b[4], b[5], b[7] = unix.AF_INET, 24, unix.RT_TABLE_MAIN, unix.RTPROT_STATIC, unix.RTN_UNICAST
	add := func(typ uint16, value ...byte) {
		b = binary.NativeEndian.AppendUint16(b, uint16(unix.SizeofRtAttr+len(value)))
		b = binary.NativeEndian.AppendUint16(b, typ)
		b = append(b, value...)
	}
	add(unix.RTA_TABLE, unix.RT_TABLE_MAIN, 0, 0, 0)
	add(unix.RTA_DST, 10, 1, 2, 0)
	add(unix.RTA_OIF, 7, 0, 0, 0)
	var (
		r       Route
		encoded []byte
	)
	if n := testing.AllocsPerRun(100, func() {
		var err error
		if r, err = decodeRoute(b); err != nil {
			t.Fatal(err)
		}
		if encoded, err = protocol.Append(encoded[:0], &r); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
	if r.Dst.String() != "10.1.2.0/24" || *r.Index != 7 {
		t.Errorf("decoded %+v", r)
	}
}
