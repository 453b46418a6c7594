package kernel

import (
	"encoding"
	"encoding/binary"
	"net/netip"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// A Request is one rtnetlink message under construction.
type Request struct {
	typ   uint16
	flags netlink.HeaderFlags
	body  []byte
	// names tells, for the attributes in order, where each starts in the body.
	names []attrName

	// Where the body and the names are as long as they fit.
	shortBody  [usualBody]byte
	shortNames [usualNames]attrName
}

// Most messages are shorter, and have fewer attributes.
const (
	usualBody  = 128
	usualNames = 8
)

type attrName struct {
	offset int
	name   string
}

// NewRequest starts a message of type typ (RTM_*) with its fixed header. Flags
// are those beside NLM_F_REQUEST and NLM_F_ACK.
func NewRequest(typ uint16, flags netlink.HeaderFlags, header encoding.BinaryMarshaler) *Request {
	body, err := header.MarshalBinary()
	if err != nil {
		panic(err) // headers without attributes have no errors
	}
	r := &Request{typ: typ, flags: flags}
	r.body, r.names = append(r.shortBody[:0], body...), r.shortNames[:0]
	return r
}

// Body returns the message without its netlink header.
func (r *Request) Body() []byte { return r.body }

// size returns the length of the message in a datagram.
func (r *Request) size() int { return aligned(unix.SizeofNlMsghdr + len(r.body)) }

// append appends the whole message to a datagram.
func (r *Request) append(b []byte, sequence uint32, flags netlink.HeaderFlags) []byte {
	b = binary.NativeEndian.AppendUint32(b, uint32(unix.SizeofNlMsghdr+len(r.body)))
	b = binary.NativeEndian.AppendUint16(b, r.typ)
	b = binary.NativeEndian.AppendUint16(b, uint16(r.flags|flags))
	b = binary.NativeEndian.AppendUint32(b, sequence)
	b = binary.NativeEndian.AppendUint32(b, 0) // the socket's own port
	b = append(b, r.body...)
	for len(b)%unix.NLMSG_ALIGNTO != 0 {
		b = append(b, 0)
	}
	return b
}

// addFlags adds flags to the message that b starts with.
func addFlags(b []byte, flags netlink.HeaderFlags) {
	const at = 6 // nlmsg_flags
	binary.NativeEndian.PutUint16(b[at:], binary.NativeEndian.Uint16(b[at:])|uint16(flags))
}

// Bytes appends an attribute. The name is what the caller of the operation calls
// it, or empty for one the caller did not give.
func (r *Request) Bytes(name string, typ uint16, value []byte) {
	r.begin(name)
	r.body = binary.NativeEndian.AppendUint16(r.body, uint16(unix.SizeofNlAttr+len(value)))
	r.body = binary.NativeEndian.AppendUint16(r.body, typ)
	r.body = append(r.body, value...)
	r.align()
}

// String appends a text with the terminating zero byte.
func (r *Request) String(name string, typ uint16, s string) {
	r.Bytes(name, typ, append([]byte(s), 0))
}

// Uint8 appends a number.
func (r *Request) Uint8(name string, typ uint16, v uint8) { r.Bytes(name, typ, []byte{v}) }

// Uint16 appends a number in the byte order of the machine.
func (r *Request) Uint16(name string, typ uint16, v uint16) {
	var b [2]byte
	binary.NativeEndian.PutUint16(b[:], v)
	r.Bytes(name, typ, b[:])
}

// Uint32 appends a number in the byte order of the machine.
func (r *Request) Uint32(name string, typ uint16, v uint32) {
	var b [4]byte
	binary.NativeEndian.PutUint32(b[:], v)
	r.Bytes(name, typ, b[:])
}

// Uint16BE appends a number in network byte order.
func (r *Request) Uint16BE(name string, typ uint16, v uint16) {
	var b [2]byte
	binary.BigEndian.PutUint16(b[:], v)
	r.Bytes(name, typ, b[:])
}

// Uint32BE appends a number in network byte order.
func (r *Request) Uint32BE(name string, typ uint16, v uint32) {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], v)
	r.Bytes(name, typ, b[:])
}

// Uint64BE appends a number in network byte order.
func (r *Request) Uint64BE(name string, typ uint16, v uint64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], v)
	r.Bytes(name, typ, b[:])
}

// Flag appends an attribute that is its own presence (NLA_FLAG).
func (r *Request) Flag(name string, typ uint16) { r.Bytes(name, typ, nil) }

// Addr appends an address of 4 or 16 bytes.
func (r *Request) Addr(name string, typ uint16, a netip.Addr) {
	b := a.As16()
	if a.Is4() {
		r.Bytes(name, typ, b[12:])
	} else {
		r.Bytes(name, typ, b[:])
	}
}

// Nest appends the attributes that fill adds as one nested attribute.
func (r *Request) Nest(name string, typ uint16, fill func()) {
	r.nest(name, typ|unix.NLA_F_NESTED, fill)
}

// Array appends what fill adds as the value of one attribute that is no nest of
// attributes for the kernel, such as RTA_MULTIPATH.
func (r *Request) Array(name string, typ uint16, fill func()) { r.nest(name, typ, fill) }

func (r *Request) nest(name string, typ uint16, fill func()) {
	at := r.begin(name)
	r.body = append(r.body, 0, 0, 0, 0)
	fill()
	binary.NativeEndian.PutUint16(r.body[at:], uint16(len(r.body)-at))
	binary.NativeEndian.PutUint16(r.body[at+2:], typ)
}

// Struct appends a C structure whose first field is its own length, 16 bits wide,
// attributes included, such as rtnexthop.
func (r *Request) Struct(name string, fixed []byte, fill func()) {
	at := r.begin(name)
	r.body = append(r.body, fixed...)
	r.align()
	fill()
	binary.NativeEndian.PutUint16(r.body[at:], uint16(len(r.body)-at))
}

// Fixed appends the fixed part of a structure inside a nest, such as the
// ifinfomsg that heads VETH_INFO_PEER.
func (r *Request) Fixed(b []byte) {
	r.body = append(r.body, b...)
	r.align()
}

func (r *Request) begin(name string) (at int) {
	at = len(r.body)
	r.names = append(r.names, attrName{at, name})
	return at
}

func (r *Request) align() {
	for len(r.body)%unix.NLMSG_ALIGNTO != 0 {
		r.body = append(r.body, 0)
	}
}

// attrAt returns the name of the attribute that an extended acknowledgement
// points to; its offset counts from the netlink header (NLMSGERR_ATTR_OFFS).
func (r *Request) attrAt(offset int) string {
	name := ""
	for _, a := range r.names {
		if a.offset+unix.SizeofNlMsghdr > offset {
			break
		}
		name = a.name
	}
	return name
}
