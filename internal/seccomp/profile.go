package seccomp

import (
	"fmt"
	"slices"
)

// A Profile is how much of the table a helper gets. Each includes those before
// it. The zero value is the least.
type Profile int

const (
	None Profile = iota // tells what anybody can know, and changes nothing
	N                   // changes what is in its own network namespace
	E                   // enters named network namespaces
	C                   // creates and deletes them
)

var profileNames = []string{None: "none", N: "N", E: "E", C: "C"}

// ProfileNamed returns the profile called name.
func ProfileNamed(name string) (Profile, error) {
	p := slices.Index(profileNames, name)
	if p < 0 {
		return None, fmt.Errorf("seccomp: no profile is called %q", name)
	}
	return Profile(p), nil
}

func (p Profile) check() error {
	if p < None || p > C {
		return fmt.Errorf("seccomp: no profile has the number %d", int(p))
	}
	return nil
}

// String returns the profile's name.
func (p Profile) String() string {
	if p.check() != nil {
		return fmt.Sprintf("Profile(%d)", int(p))
	}
	return profileNames[p]
}
