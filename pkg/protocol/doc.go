// Package protocol is how messages travel between a caller and the helper. It
// knows of no operation and no policy.
//
// The channel carries a CBOR sequence (RFC 8742) in each direction. Each item is
// a byte string that holds one message in deterministic encoding (RFC 8949,
// section 4.2.1), with text keys:
//
//	message = bstr .cbor (hello / request / reply)
//
// The head of the byte string is the length prefix: it is checked against the
// limit before anything is allocated. A message is accepted only if encoding
// what was decoded gives back the same bytes.
//
// The helper speaks first. Its [Hello] says what it is, or why it cannot serve.
// Then each [Request] is answered by a [Reply] with the same id, in order; a
// list is answered by a run of replies of which all but the last have More set.
// A malformed message is answered by a reply with code [Malformed] and id 0,
// after which the helper reads no more and ends.
package protocol
