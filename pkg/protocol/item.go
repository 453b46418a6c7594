package protocol

import "encoding/binary"

// The major types of data items (RFC 8949, section 3.1).
const (
	majorUint = iota
	majorNegative
	majorBytes
	majorText
	majorArray
	majorMap
	majorTag
	majorSimple
)

const (
	simpleFalse = majorSimple<<5 | 20
	simpleTrue  = majorSimple<<5 | 21
	simpleNull  = majorSimple<<5 | 22
)

// cutHead splits the head of a data item with a definite length off b. Info is the
// low five bits of its first byte, n the argument.
func cutHead(b []byte) (major, info byte, n uint64, rest []byte, ok bool) {
	if len(b) == 0 {
		return 0, 0, 0, nil, false
	}
	major, info, b = b[0]>>5, b[0]&0x1f, b[1:]
	switch {
	case info < 24:
		return major, info, uint64(info), b, true
	case info == 24 && len(b) >= 1:
		return major, info, uint64(b[0]), b[1:], true
	case info == 25 && len(b) >= 2:
		return major, info, uint64(binary.BigEndian.Uint16(b)), b[2:], true
	case info == 26 && len(b) >= 4:
		return major, info, uint64(binary.BigEndian.Uint32(b)), b[4:], true
	case info == 27 && len(b) >= 8:
		return major, info, binary.BigEndian.Uint64(b), b[8:], true
	}
	return 0, 0, 0, nil, false
}

// leastOf is the least argument that a head with the info from 24 on is the
// shortest for.
var leastOf = [4]uint64{24, 1 << 8, 1 << 16, 1 << 32}

// cutShortest is cutHead for a head of the major type in its shortest form.
func cutShortest(b []byte, major byte) (n uint64, rest []byte, ok bool) {
	got, info, n, rest, ok := cutHead(b)
	return n, rest, ok && got == major && (info < 24 || n >= leastOf[info-24])
}

// cutString splits a string of the major type off b.
func cutString(b []byte, major byte) (s, rest []byte, ok bool) {
	n, b, ok := cutShortest(b, major)
	if !ok || n > uint64(len(b)) {
		return nil, nil, false
	}
	return b[:n:n], b[n:], true
}

// skip splits a data item off b, which is nested in depth maps and arrays. It
// takes what the library takes for [Raw]: any well-formed item within the bounds,
// whatever its encoding, but no tag and no indefinite length.
func skip(b []byte, depth int) (rest []byte, ok bool) {
	major, info, n, b, ok := cutHead(b)
	if !ok {
		return nil, false
	}
	switch major {
	case majorBytes, majorText:
		if n > uint64(len(b)) {
			return nil, false
		}
		return b[n:], true
	case majorArray, majorMap:
		if depth == maxNested || n > maxElements || major == majorMap && n > maxPairs {
			return nil, false
		}
		if major == majorMap {
			n *= 2
		}
		for ; n > 0; n-- {
			if b, ok = skip(b, depth+1); !ok {
				return nil, false
			}
		}
		return b, true
	case majorTag:
		return nil, false
	case majorSimple:
		return b, info != 24 || n >= 32
	}
	return b, true
}

// appendHead appends the shortest head of the major type with the argument n.
func appendHead(b []byte, major byte, n uint64) []byte {
	first := major << 5
	switch {
	case n < 24:
		return append(b, first|byte(n))
	case n < 1<<8:
		return append(b, first|24, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, first|25), uint16(n))
	case n < 1<<32:
		return binary.BigEndian.AppendUint32(append(b, first|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(b, first|27), n)
}

// appendText appends a text string.
func appendText(b []byte, s string) []byte {
	return append(appendHead(b, majorText, uint64(len(s))), s...)
}
