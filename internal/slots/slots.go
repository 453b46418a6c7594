// Package slots bounds how many helpers one user runs at a time.
//
// A slot is a file that only root can open. A helper holds the lock on it by a
// descriptor (flock(2)), so that it is free again when the helper is gone,
// however it went.
package slots

import (
	"errors"
	"fmt"

	"nethelper/internal/trust"

	"golang.org/x/sys/unix"
)

// Dir is where the slots are.
const Dir = "/run/nethelper"

// Take takes one of most slots of the user, and returns the descriptor that holds it
// as long as any process has it. It takes root.
func Take(uid uint32, most int) (fd int, err error) {
	if err := unix.Mkdir(Dir, 0o755); err != nil && !errors.Is(err, unix.EEXIST) {
		return -1, fmt.Errorf("%s: %w", Dir, err)
	}
	for n := range most {
		path := fmt.Sprintf("%s/%d.%d", Dir, uid, n)
		fd, err := trust.Root().Append(path)
		if err != nil {
			return -1, err
		}
		err = unix.Flock(fd, unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return fd, nil
		}
		if closed := unix.Close(fd); closed != nil || !errors.Is(err, unix.EWOULDBLOCK) {
			return -1, fmt.Errorf("%s: %w", path, errors.Join(err, closed))
		}
	}
	return -1, fmt.Errorf("the user with uid %d runs %d helpers, as many as one user may: share one, or end one by closing its pipe", uid, most)
}
