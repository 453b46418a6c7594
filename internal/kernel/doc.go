// Package kernel is the only code of nethelper that speaks netlink or enters a
// network namespace.
//
// A [Kernel] holds one rtnetlink socket for each namespace in use. A [Task] is
// the kernel as one request sees it: it opens the namespace that the request
// names, resolves names of links to indices, and remembers both for the audit
// record. A [Netns] of a task sends [Request] messages and receives dumps.
//
// The netlink message types of github.com/jsimonetti/rtnetlink encode the fixed
// headers. Attributes are appended here, each under the name that the caller
// knows it by, so that an error of the kernel names the attribute it is about.
//
// Sockets are those of github.com/mdlayher/netlink, answers are read here. The
// last message of a dump may be the only one to say that the dump is incomplete
// (NLM_F_DUMP_INTR), and is not given out there; nor is it checked there that
// what comes is the kernel's.
package kernel
