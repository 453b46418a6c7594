package privilege

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// Outside refuses a process in a user namespace of its own, where the
// capabilities of its file are good for nothing outside.
func Outside() error {
	inside, err := InUserNamespace()
	if err != nil || !inside {
		return err
	}
	return errors.New("the caller is in a user namespace of its own, where the capabilities of the helper's file are good for nothing outside: " +
		"start the helper outside, or as root of the namespace with --policy and --audit")
}

// Scope leaves a process that has the capabilities of its file with what is
// needed, and executes the binary again with h. It stays the user that it is,
// keeps its groups and its bounding set: to change those takes more than the file
// has. With no_new_privs exec gives none of the file's capabilities that are not
// held already.
//
// It returns only if a step failed; then the process is good for nothing but to
// end.
func Scope(n Need, h Handover) error {
	if n.Root {
		return errors.New("the policy asks for operations that need uid 0, which a helper with file capabilities never is: " +
			"install it set-id root")
	}
	held, err := current()
	if err != nil {
		return err
	}
	if missing := n.Caps.Without(held.permitted); missing != 0 {
		return lacking(missing)
	}
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"drop capabilities", sets{permitted: n.Caps}.set},
		{"no_new_privs", func() error { return unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }},
		{"exec", h.exec},
	} {
		if err := step.do(); err != nil {
			return fmt.Errorf("cannot shed privilege: %s: %w", step.name, err)
		}
	}
	return nil
}

// lacking says why the process does not hold what the policy asks for.
func lacking(missing Caps) error {
	bound, err := bounding()
	if err != nil {
		return err
	}
	if missing.Without(bound) != 0 {
		return boundingLacks(missing)
	}
	return fmt.Errorf("the policy asks for %s, which the helper's file lacks: add it with setcap to %s", missing, executable())
}

// boundingLacks says what mends a bounding set.
func boundingLacks(missing Caps) error {
	return fmt.Errorf("the policy asks for %s, which the bounding set of the caller lacks: "+
		"add it to CapabilityBoundingSet= in the caller's unit, or to the container's capabilities", missing)
}

// OverrideFiles calls f while the calling thread may open any file, if the
// process holds what that takes.
func OverrideFiles(f func() error) (err error) {
	held, err := current()
	if err != nil {
		return err
	}
	const override = Caps(1) << unix.CAP_DAC_OVERRIDE
	if held.permitted.Without(override) == held.permitted {
		return f()
	}
	raised := held
	raised.effective |= override
	if err := raised.set(); err != nil {
		return err
	}
	return errors.Join(f(), held.set())
}
