package privilege

import (
	"fmt"
	"os"
	"runtime"

	"golang.org/x/sys/unix"
)

// The main thread stays what it is: stage 0 changes its credentials only, and a
// thread that enters a network namespace must not be one that Go cannot destroy.
func init() { runtime.LockOSThread() }

// An Origin is how the process came to what it holds.
type Origin int

const (
	// Plain: exec gave it nothing that its caller lacks.
	Plain Origin = iota
	// Elevated: exec made it root, or was to, and the caller arranged all the rest.
	Elevated
	// Settled: stage 0 of an elevated helper has been here.
	Settled
	// Scoped: exec gave it the capabilities of its file, and the caller arranged
	// all the rest.
	Scoped
	// Resumed: stage 0 of a scoped helper has been here, or a caller claims it who
	// held all the same what the process holds.
	Resumed
)

// OriginOf asks the kernel how the process came to what it holds.
func OriginOf() (Origin, error) {
	settled, err := settled()
	if err != nil {
		return 0, err
	}
	secure, err := secureExec()
	if err != nil {
		return 0, err
	}
	frozen, err := noNewPrivs()
	if err != nil {
		return 0, err
	}
	holds, err := Held()
	if err != nil {
		return 0, err
	}
	switch {
	case settled:
		return Settled, nil
	case unix.Getuid() != unix.Geteuid(), unix.Getgid() != unix.Getegid():
		return Elevated, nil
	case frozen && told() && len(os.Args) == 1:
		return Resumed, nil
	case frozen: // secure mode can be asked for although exec gave nothing
		return Plain, nil
	case secure && holds != 0:
		return Scoped, nil
	case secure:
		return Elevated, nil
	}
	return Plain, nil
}

// noNewPrivs reports whether exec can give the process nothing.
func noNewPrivs() (bool, error) {
	on, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
	if err != nil {
		return false, fmt.Errorf("prctl(PR_GET_NO_NEW_PRIVS): %w", err)
	}
	return on == 1, nil
}

// secureExec reports whether the kernel asks for secure mode (AT_SECURE,
// getauxval(3)): exec changed the ids or the capabilities.
func secureExec() (bool, error) {
	vector, err := unix.Auxv()
	if err != nil {
		return false, fmt.Errorf("auxiliary vector: %w", err)
	}
	for _, entry := range vector {
		if entry[0] == atSecure {
			return entry[1] != 0, nil
		}
	}
	return false, fmt.Errorf("auxiliary vector: no AT_SECURE")
}

// settled reports whether the process is in the state that stage 0 leaves.
func settled() (bool, error) {
	frozen, err := noNewPrivs()
	if err != nil {
		return false, err
	}
	secure, err := unix.PrctlRetInt(unix.PR_GET_SECUREBITS, 0, 0, 0, 0)
	if err != nil {
		return false, fmt.Errorf("prctl(PR_GET_SECUREBITS): %w", err)
	}
	if !frozen || secure != lockedSecurebits {
		return false, nil
	}
	uids, gids := ids()
	if !same(uids) || !same(gids) {
		return false, nil
	}
	user, err := DedicatedUser()
	if err != nil {
		return false, err
	}
	return (uids[0] == 0 || uids[0] == user.UID) && gids[0] == user.GID, nil
}

// ids returns the real, effective and saved user and group ids.
func ids() (uids, gids [3]uint32) {
	var ruid, euid, suid, rgid, egid, sgid int
	ruid, euid, suid = unix.Getresuid()
	rgid, egid, sgid = unix.Getresgid()
	return [3]uint32{uint32(ruid), uint32(euid), uint32(suid)}, [3]uint32{uint32(rgid), uint32(egid), uint32(sgid)}
}

func same(ids [3]uint32) bool { return ids[0] == ids[1] && ids[1] == ids[2] }

// executable returns where the binary is installed, for messages.
func executable() string {
	path, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return "nethelper"
	}
	return path
}
