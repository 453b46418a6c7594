package ops

import (
	"strings"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"
)

// A NetNSEntry is a name in /run/netns.
type NetNSEntry struct {
	Name  string      `cbor:"name" help:"name in /run/netns"`
	Valid bool        `cbor:"valid" help:"true if the name stands for a network namespace that requests can name"`
	Inode *attr.Count `cbor:"inode,omitempty" help:"inode of the namespace"`
}

// netnsEntry makes an entry of what the kernel has under a name, which may hold any
// byte.
func netnsEntry(e kernel.Entry) NetNSEntry {
	entry := NetNSEntry{Name: strings.ToValidUTF8(e.Name, "\uFFFD"), Valid: e.Valid}
	if e.Valid {
		entry.Inode = new(attr.Count(e.Inode))
	}
	return entry
}

// checkNamed refuses the helper's own namespace, which has no name to make or
// delete.
func checkNamed(name attr.NetNS) error {
	if name == attr.OwnNetNS {
		return invalid("name", "want a name, not the helper's own namespace")
	}
	return nil
}
