package protocol

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const (
	// MaxRequest is the size in bytes of the largest request that the helper reads.
	MaxRequest = 64 << 10
	// MaxReply is the size in bytes of the largest hello or reply that it writes.
	MaxReply = 64 << 10
)

// A FrameError says why the bytes on the channel are no frame. Nothing can be
// read after it.
type FrameError struct{ Reason string }

func (e *FrameError) Error() string { return "malformed frame: " + e.Reason }

// Read reads the next frame and returns the message in it, which is at most max
// bytes long. The error is io.EOF where the channel ends between two frames,
// a [FrameError], or that of r.
func Read(r io.Reader, max int) ([]byte, error) {
	var head [9]byte
	if _, err := io.ReadFull(r, head[:1]); err != nil {
		return nil, err
	}
	// RFC 8949, section 3.1: major type 2, and the length in the shortest form.
	if head[0]>>5 != 2 {
		return nil, &FrameError{"want a byte string"}
	}
	var n, least uint64
	switch info := head[0] & 0x1f; {
	case info < 24:
		n = uint64(info)
	case info <= 27:
		size := 1 << (info - 24)
		if _, err := io.ReadFull(r, head[1:1+size]); err != nil {
			return nil, truncated(err)
		}
		var wide [8]byte
		copy(wide[8-size:], head[1:1+size])
		n = binary.BigEndian.Uint64(wide[:])
		least = [...]uint64{24, 1 << 8, 1 << 16, 1 << 32}[info-24]
	default:
		return nil, &FrameError{"want a definite length"}
	}
	if n < least {
		return nil, &FrameError{"the length is not in its shortest form"}
	}
	if n > uint64(max) {
		return nil, &FrameError{fmt.Sprintf("%d bytes, the limit is %d", n, max)}
	}
	if n == 0 {
		return nil, &FrameError{"empty"}
	}
	message := make([]byte, n)
	if _, err := io.ReadFull(r, message); err != nil {
		return nil, truncated(err)
	}
	return message, nil
}

func truncated(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &FrameError{"truncated"}
	}
	return err
}

// AppendFrame appends message as a frame to b.
func AppendFrame(b, message []byte) []byte {
	const byteString = 2 << 5
	switch n := uint64(len(message)); {
	case n < 24:
		b = append(b, byteString|byte(n))
	case n < 1<<8:
		b = append(b, byteString|24, byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, byteString|25), uint16(n))
	default:
		b = binary.BigEndian.AppendUint32(append(b, byteString|26), uint32(n))
	}
	return append(b, message...)
}

// Write writes message as one frame in one call of w.Write.
func Write(w io.Writer, message []byte) error {
	_, err := w.Write(AppendFrame(make([]byte, 0, len(message)+5), message))
	return err
}
