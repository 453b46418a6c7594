package privilege

import (
	"errors"
	"fmt"
)

// Settle checks that stage 1 holds what is needed and nothing else. Then it
// gives up the sets that brought it here, on all threads, and hides the process
// again, which exec has undone.
func Settle(n Need) error {
	uids, _ := ids()
	if (uids[0] == 0) != n.Root {
		return errors.New("the policy changed while the helper started: start it again")
	}
	held, err := current()
	if err != nil {
		return err
	}
	bound, err := bounding()
	if err != nil {
		return err
	}
	amb, err := ambient()
	if err != nil {
		return err
	}
	if want := (sets{effective: n.Caps, permitted: n.Caps, inheritable: n.Caps}); held != want || bound != n.Caps || amb != n.Caps {
		return fmt.Errorf("the helper does not hold exactly %s, as the policy asks for: start it again", n.Caps)
	}
	if _, err := dumpable(); err != nil {
		return err
	}
	return limitThreads(n.Caps)
}
