package ops

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"

	"github.com/mdlayher/netlink"
)

// octets reads a message that is written down by hand: octets in hexadecimal, what
// they are behind a bar. Numbers in the byte order of the machine are
// little-endian.
func octets(t testing.TB, text string) []byte {
	t.Helper()
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		t.Skip("the messages are written for a little-endian machine")
	}
	var digits strings.Builder
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "|")
		digits.WriteString(strings.Join(strings.Fields(line), ""))
	}
	b, err := hex.DecodeString(digits.String())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sameOctets compares two messages, and shows where they part.
func sameOctets(t *testing.T, got, want []byte) {
	t.Helper()
	if bytes.Equal(got, want) {
		return
	}
	at := 0
	for at < len(got) && at < len(want) && got[at] == want[at] {
		at++
	}
	t.Errorf("the messages part at octet %d\ngot\n%swant\n%s", at, hex.Dump(got), hex.Dump(want))
}

// message returns a header followed by the attributes that fill encodes, by
// another implementation of the protocol.
func message(t testing.TB, header []byte, fill func(*netlink.AttributeEncoder)) []byte {
	t.Helper()
	ae := netlink.NewAttributeEncoder()
	fill(ae)
	attrs, err := ae.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return append(header, attrs...)
}
