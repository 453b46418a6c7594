package privilege

import "golang.org/x/sys/unix"

// A Need is the privilege that the grants of one caller ask for. The zero value
// asks for nothing.
type Need struct {
	Caps Caps
	// Root says that the helper has to stay uid 0, whose files it then owns.
	Root bool
}

// Add adds the capability called name (CAP_NET_ADMIN).
func (n *Need) Add(name string) error {
	c, err := capNamed(name)
	n.Caps |= c
	return err
}

// Profile names what is needed: none; N to change what is in the helper's own
// network namespace; E to enter others; C to create and delete them.
func (n Need) Profile() string {
	const enter = Caps(1) << unix.CAP_SYS_ADMIN
	switch {
	case n.Root:
		return "C"
	case n.Caps&enter != 0:
		return "E"
	case n.Caps != 0:
		return "N"
	}
	return "none"
}

// Covers reports whether m asks for nothing beyond n.
func (n Need) Covers(m Need) bool { return m.Caps.Without(n.Caps) == 0 && (n.Root || !m.Root) }
