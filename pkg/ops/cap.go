package ops

import "strings"

// A Cap is a Linux capability (capabilities(7)).
type Cap string

const (
	// NetAdmin is for changes of links, addresses, routes, rules and neighbours.
	NetAdmin Cap = "CAP_NET_ADMIN"
	// SysAdmin is for making, mounting and entering namespaces.
	SysAdmin Cap = "CAP_SYS_ADMIN"
	// SysPtrace is for seeing which namespace another user's process is in.
	SysPtrace Cap = "CAP_SYS_PTRACE"
)

// Needs says what privilege the operation takes in the helper's own namespace.
func (op *Op) Needs() string {
	var needs []string
	if op.Root {
		needs = append(needs, "uid 0")
	}
	for _, c := range op.Caps {
		needs = append(needs, string(c))
	}
	if len(needs) == 0 {
		return "no privilege"
	}
	return strings.Join(needs, ", ")
}
