package privilege

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// A Caller is who started the helper, as the kernel knows it: the real ids, which
// a setuid bit does not change, and the process that the helper is a child of.
type Caller struct {
	UID    uint32
	GID    uint32
	Groups []uint32
	PID    int
}

// CallerOf asks the kernel, once.
func CallerOf() (Caller, error) {
	groups, err := unix.Getgroups()
	if err != nil {
		return Caller{}, fmt.Errorf("getgroups: %w", err)
	}
	c := Caller{UID: uint32(unix.Getuid()), GID: uint32(unix.Getgid()), PID: unix.Getppid()}
	for _, gid := range groups {
		c.Groups = append(c.Groups, uint32(gid))
	}
	return c, nil
}

// GIDs returns the caller's groups, its own first.
func (c Caller) GIDs() []uint32 { return append([]uint32{c.GID}, c.Groups...) }
