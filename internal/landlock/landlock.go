// Package landlock takes the file system away from the process, but for some
// directories that it may read (landlock(7)).
package landlock

import (
	"errors"
	"fmt"

	"github.com/landlock-lsm/go-landlock/landlock"
	"github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"
)

// read is what is left: to read files and to list directories.
const read = syscall.AccessFSReadFile | syscall.AccessFSReadDir

// most is the version of the interface that the rules are written for.
const most = 7

// Restrict confines all threads of the process, for ever, to reading what is in
// the directories, and nothing else in the file system; what is open stays open.
// Of signals and abstract sockets only those within the process are left. It
// returns the version of the interface that was used, 0 where the kernel has none
// and nothing was restricted. A directory that is not there is passed over.
//
// The rules are about directories, so that a file that is put in the place of
// another is read as well.
func Restrict(dirs ...string) (version int, err error) {
	version, err = syscall.LandlockGetABIVersion()
	if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EOPNOTSUPP) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("landlock: %w", err)
	}
	if err := landlock.V7.BestEffort().Restrict(landlock.PathAccess(read, dirs...).IgnoreIfMissing()); err != nil {
		return 0, fmt.Errorf("landlock: %w", err)
	}
	return min(version, most), nil
}
