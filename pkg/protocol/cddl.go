package protocol

import _ "embed"

// CDDL describes the messages (RFC 8610), all but the rule code, which lists
// [Codes], and the requests and types of the operations.
//
//go:embed protocol.cddl
var CDDL string
