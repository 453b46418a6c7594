package privilege

import (
	"fmt"
	"math/bits"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Caps is a set of capabilities (capabilities(7)), one bit each.
type Caps uint64

// names are those of the capabilities that some operation needs.
var names = map[int]string{
	unix.CAP_DAC_READ_SEARCH: "CAP_DAC_READ_SEARCH",
	unix.CAP_NET_ADMIN:       "CAP_NET_ADMIN",
	unix.CAP_SYS_PTRACE:      "CAP_SYS_PTRACE",
	unix.CAP_SYS_ADMIN:       "CAP_SYS_ADMIN",
}

// capNamed returns the capability called name as a set.
func capNamed(name string) (Caps, error) {
	for number, n := range names {
		if n == name {
			return 1 << number, nil
		}
	}
	return 0, fmt.Errorf("%s is no capability that the helper can hold", name)
}

// Names lists the capabilities by name, or by number where they have none here.
func (c Caps) Names() []string {
	words := []string{}
	for rest := c; rest != 0; rest &= rest - 1 {
		number := bits.TrailingZeros64(uint64(rest))
		name, ok := names[number]
		if !ok {
			name = fmt.Sprintf("capability %d", number)
		}
		words = append(words, name)
	}
	return words
}

// String returns the names of the capabilities in words.
func (c Caps) String() string {
	if c == 0 {
		return "nothing"
	}
	return strings.Join(c.Names(), " and ")
}

// Without returns the capabilities of c that are not in d.
func (c Caps) Without(d Caps) Caps { return c &^ d }

// sets are the capability sets of a thread, but for its bounding set.
type sets struct{ effective, permitted, inheritable Caps }

// current returns the sets of the calling thread.
func current() (sets, error) {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&header, &data[0]); err != nil {
		return sets{}, fmt.Errorf("capget: %w", err)
	}
	wide := func(low, high uint32) Caps { return Caps(high)<<32 | Caps(low) }
	return sets{
		effective:   wide(data[0].Effective, data[1].Effective),
		permitted:   wide(data[0].Permitted, data[1].Permitted),
		inheritable: wide(data[0].Inheritable, data[1].Inheritable),
	}, nil
}

// Held returns the capabilities that the process holds.
func Held() (Caps, error) {
	s, err := current()
	return s.permitted, err
}

// encode returns the arguments of capset(2).
func (s sets) encode() (*unix.CapUserHeader, *[2]unix.CapUserData) {
	return &unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}, &[2]unix.CapUserData{
		{Effective: uint32(s.effective), Permitted: uint32(s.permitted), Inheritable: uint32(s.inheritable)},
		{Effective: uint32(s.effective >> 32), Permitted: uint32(s.permitted >> 32), Inheritable: uint32(s.inheritable >> 32)},
	}
}

// set gives the calling thread the sets.
func (s sets) set() error {
	header, data := s.encode()
	if err := unix.Capset(header, &data[0]); err != nil {
		return fmt.Errorf("capset: %w", err)
	}
	return nil
}

// bounding returns the bounding set of the calling thread.
func bounding() (Caps, error) {
	var set Caps
	for number := range 64 {
		in, err := unix.PrctlRetInt(unix.PR_CAPBSET_READ, uintptr(number), 0, 0, 0)
		if err == syscall.EINVAL { // beyond the kernel's last capability
			return set, nil
		}
		if err != nil {
			return 0, fmt.Errorf("prctl(PR_CAPBSET_READ): %w", err)
		}
		set |= Caps(in) << number
	}
	return set, nil
}

// ambient returns the ambient set of the calling thread.
func ambient() (Caps, error) {
	var set Caps
	for number := range 64 {
		in, err := unix.PrctlRetInt(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_IS_SET, uintptr(number), 0, 0)
		if err == syscall.EINVAL {
			return set, nil
		}
		if err != nil {
			return 0, fmt.Errorf("prctl(PR_CAP_AMBIENT_IS_SET): %w", err)
		}
		set |= Caps(in) << number
	}
	return set, nil
}

// each calls do with the number of every capability in c.
func (c Caps) each(do func(number uintptr) error) error {
	for rest := c; rest != 0; rest &= rest - 1 {
		if err := do(uintptr(bits.TrailingZeros64(uint64(rest)))); err != nil {
			return err
		}
	}
	return nil
}
