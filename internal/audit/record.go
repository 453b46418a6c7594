// Package audit is the record of what the helper was asked, what it decided and
// what came of it.
//
// A record is one JSON object on one line of printable ASCII, written with one
// system call. The first member says what it is about:
//
//	verdict  allow, deny or error; absent from the records of the helper itself
//	event    start, decide, done or end
//
// A request that is allowed leaves two lines with the same helper and seq: decide
// before anything runs, and done with what came of it. Where the second is
// missing, the helper died in between and the outcome is not known. A request
// that is denied, or that no call could be made of, leaves its decide line alone.
// If a decide line cannot be written, nothing runs.
package audit

import "time"

// Verdicts say what became of a request.
const (
	Allow = "allow" // covered by a grant; of a done record: carried out
	Deny  = "deny"  // covered by no grant
	Error = "error" // not judged, or judged and not carried out
)

// Events are the points of a helper's life that leave a record.
const (
	Start  = "start"  // about to serve
	Decide = "decide" // a request has been judged; nothing has run
	Done   = "done"   // an allowed request has run
	End    = "end"    // serves no more
)

// A Record is one line. Members that do not apply are left out.
type Record struct {
	Verdict string `json:"verdict,omitempty"`
	Event   string `json:"event"`
	// Time is in UTC, to the nanosecond (RFC 3339). A record that is written gets that
	// of its writing.
	Time time.Time `json:"time"`
	// Helper is the process id of the helper.
	Helper int `json:"helper"`
	// Seq numbers the requests of one helper from 1.
	Seq uint64 `json:"seq,omitempty"`

	// The caller as the kernel knows it: real user and group, supplementary
	// groups (of a start record), and the process that started the helper.
	UID    uint32   `json:"uid"`
	GID    uint32   `json:"gid"`
	Groups []uint32 `json:"groups,omitempty"`
	PID    int      `json:"pid"`

	// Would is deny where no grant covers what a permissive policy allows. Code, Attr
	// and Message are then those of the denial.
	Would string `json:"would,omitempty"`
	// Call is the operation with its attributes, in the one spelling.
	Call string `json:"call,omitempty"`
	// Op is what was asked for where no call could be made of it.
	Op string `json:"op,omitempty"`
	// Grant is the place of the grant that covers the call; of a denial, of the
	// caller's grant that came nearest.
	Grant string `json:"grant,omitempty"`

	// Code, Errno, Attr and Message are those of the error in the reply. A
	// denial's Attr is the first that the nearest grant does not cover.
	Code    string `json:"code,omitempty"`
	Errno   uint32 `json:"errno,omitempty"`
	Attr    string `json:"attr,omitempty"`
	Message string `json:"message,omitempty"`

	// Netns is the inode of the network namespace that was acted in, Links are
	// the links that names were resolved to.
	Netns uint64 `json:"netns,omitempty"`
	Links []Link `json:"links,omitempty"`

	// Policy is the SHA-256 digest of the policy in force, in hexadecimal.
	Policy string `json:"policy,omitempty"`
	// Profile, Landlock, Build and Repaired are of a start record: the privilege
	// held, the version of the Landlock interface if there is a domain, the
	// program, and what the caller had left in a state that was put right.
	Profile  string   `json:"profile,omitempty"`
	Landlock int      `json:"landlock,omitempty"`
	Build    string   `json:"build,omitempty"`
	Repaired []string `json:"repaired,omitempty"`
}

// A Link is a name and the index that it stood for.
type Link struct {
	Name  string `json:"name"`
	Index uint32 `json:"index"`
}

// textMax bounds the members whose text the caller can choose freely.
const textMax = 256

// append appends the record, made at the time stamp, as a line, whose length is bounded
// by that of a request.
func (r *Record) append(e *encoder, stamp []byte) {
	e.text("verdict", r.Verdict)
	e.text("event", r.Event)
	e.verbatim("time", stamp)
	e.id("helper", uint32(r.Helper))
	e.number("seq", r.Seq)
	e.id("uid", r.UID)
	e.id("gid", r.GID)
	e.ids("groups", r.Groups)
	e.id("pid", uint32(r.PID))
	e.text("would", r.Would)
	e.text("call", r.Call)
	e.text("op", bound(r.Op))
	e.text("grant", r.Grant)
	e.text("code", r.Code)
	e.number("errno", uint64(r.Errno))
	e.text("attr", r.Attr)
	e.text("message", bound(r.Message))
	e.number("netns", r.Netns)
	e.links("links", r.Links)
	e.text("policy", r.Policy)
	e.text("profile", r.Profile)
	e.number("landlock", uint64(r.Landlock))
	e.text("build", r.Build)
	e.texts("repaired", r.Repaired)
	e.end()
}

// bound cuts text that has no bound of its own.
func bound(text string) string {
	if len(text) > textMax {
		return text[:textMax] + "..."
	}
	return text
}
