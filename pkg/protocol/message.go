package protocol

import "github.com/fxamacker/cbor/v2"

// Version is the version of the protocol. It changes when a program written for
// the one before would misread a message.
const Version = 1

// Raw is an encoded data item.
type Raw = cbor.RawMessage

// A Hello is the first message of the helper.
type Hello struct {
	// Version is [Version].
	Version uint32 `cbor:"nethelper"`
	// Build tells the helper's version, for people.
	Build string `cbor:"build"`
	// Profile names the privilege that the helper holds for this caller.
	Profile string `cbor:"profile,omitempty"`
	// Policy is the SHA-256 digest of the policy.
	Policy []byte `cbor:"policy,omitempty"`
	// Limits are those of this helper.
	Limits *Limits `cbor:"limits,omitempty"`
	// Error says why the helper cannot serve. Nothing follows it.
	Error *Error `cbor:"error,omitempty"`
}

// Limits are sizes in bytes of messages.
type Limits struct {
	Request uint32 `cbor:"request"`
	Reply   uint32 `cbor:"reply"`
}

// A Request asks for one operation.
type Request struct {
	// ID is 1 or more and comes back in the reply. The caller chooses it.
	ID uint64 `cbor:"id"`
	// Op is the name of the operation.
	Op string `cbor:"op"`
	// Params is a map of the operation's attributes.
	Params Raw `cbor:"params"`
}

// A Reply answers a request.
type Reply struct {
	// ID is that of the request, or 0 where no request could be made out.
	ID uint64 `cbor:"id"`
	// Result is the result of an operation that has one.
	Result Raw `cbor:"result,omitempty"`
	// Items are elements of a list.
	Items []Raw `cbor:"items,omitempty"`
	// More says that another reply to the same request follows.
	More bool `cbor:"more,omitempty"`
	// Error says that, and why, the request is not done.
	Error *Error `cbor:"error,omitempty"`
}
