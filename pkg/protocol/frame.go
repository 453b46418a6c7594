package protocol

import (
	"errors"
	"fmt"
	"io"
	"slices"
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
	size, err := headSize(head[0])
	if err != nil {
		return nil, err
	}
	if _, err := io.ReadFull(r, head[1:size]); err != nil {
		return nil, truncated(err)
	}
	n, err := messageSize(head[:size], max)
	if err != nil {
		return nil, err
	}
	message := make([]byte, n)
	if _, err := io.ReadFull(r, message); err != nil {
		return nil, truncated(err)
	}
	return message, nil
}

// Cut returns the message in the frame that b starts with, which is at most max
// bytes long, and what is behind the frame. The message is nil if b ends before the
// frame does. The error is a [FrameError].
func Cut(b []byte, max int) (message, rest []byte, err error) {
	if len(b) == 0 {
		return nil, b, nil
	}
	size, err := headSize(b[0])
	if err != nil || len(b) < size {
		return nil, b, err
	}
	n, err := messageSize(b[:size], max)
	if err != nil || len(b)-size < n {
		return nil, b, err
	}
	return b[size : size+n : size+n], b[size+n:], nil
}

// headSize returns the size of the head that starts with a byte (RFC 8949, section
// 3): that of a byte string of definite length.
func headSize(first byte) (int, error) {
	if first>>5 != majorBytes {
		return 0, &FrameError{"want a byte string"}
	}
	switch info := first & 0x1f; {
	case info < 24:
		return 1, nil
	case info <= 27:
		return 1 + 1<<(info-24), nil
	}
	return 0, &FrameError{"want a definite length"}
}

// messageSize returns the length that a whole head tells, in the shortest form.
func messageSize(head []byte, max int) (int, error) {
	n, _, shortest := cutShortest(head, majorBytes)
	switch {
	case !shortest:
		return 0, &FrameError{"the length is not in its shortest form"}
	case n == 0:
		return 0, &FrameError{"empty"}
	case n > uint64(max):
		return 0, &FrameError{fmt.Sprintf("%d bytes, the limit is %d", n, max)}
	}
	return int(n), nil
}

// ErrTruncated is the [FrameError] of a channel that ends in the midst of a frame.
var ErrTruncated = &FrameError{"truncated"}

func truncated(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrTruncated
	}
	return err
}

// AppendFrame appends message as a frame to b.
func AppendFrame(b, message []byte) []byte {
	return append(appendHead(b, majorBytes, uint64(len(message))), message...)
}

// FrameFrom makes a frame of the message that b has from start on, in its place.
func FrameFrom(b []byte, start int) []byte {
	var head [9]byte
	return slices.Insert(b, start, appendHead(head[:0], majorBytes, uint64(len(b)-start))...)
}

// Write writes message as one frame in one call of w.Write.
func Write(w io.Writer, message []byte) error {
	_, err := w.Write(AppendFrame(make([]byte, 0, len(message)+5), message))
	return err
}
