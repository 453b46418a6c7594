package privilege

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// lockedSecurebits are those of a process to which being uid 0 gives nothing, for
// ever: no capabilities at exec or at a change of ids, no keeping of them across
// one, and no more ambient ones.
const lockedSecurebits = secbitNoRoot | secbitNoRootLocked |
	secbitNoSetuidFixup | secbitNoSetuidFixupLocked |
	secbitKeepCapsLocked |
	secbitNoAmbientRaise | secbitNoAmbientRaiseLocked

// Shed leaves the process with what is needed, as the dedicated user or as root,
// and executes the binary again with h. It returns only if a step failed; then
// the process is good for nothing but to end.
//
// Every step changes the calling thread only, which has to be the main thread:
// exec ends all others.
func Shed(n Need, user User, h Handover) error {
	uid := uintptr(user.UID)
	if n.Root {
		uid = 0
	}
	gid := uintptr(user.GID)
	held, err := current()
	if err != nil {
		return err
	}
	if missing := n.Caps.Without(held.permitted); missing != 0 {
		return boundingLacks(missing)
	}
	all, err := bounding()
	if err != nil {
		return err
	}
	const setpcap = Caps(1) << unix.CAP_SETPCAP
	last := sets{effective: n.Caps, permitted: n.Caps, inheritable: n.Caps}
	meanwhile := sets{effective: n.Caps | setpcap, permitted: n.Caps | setpcap, inheritable: n.Caps}

	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"setgroups", func() error { return raw(unix.SYS_SETGROUPS, 0, 0, 0) }},
		{"drop bounding set", func() error {
			return all.Without(n.Caps).each(func(number uintptr) error {
				return unix.Prctl(unix.PR_CAPBSET_DROP, number, 0, 0, 0)
			})
		}},
		{"keep capabilities", func() error { return unix.Prctl(unix.PR_SET_SECUREBITS, secbitKeepCaps, 0, 0, 0) }},
		{"setresgid", func() error { return raw(unix.SYS_SETRESGID, gid, gid, gid) }},
		{"setresuid", func() error { return raw(unix.SYS_SETRESUID, uid, uid, uid) }},
		{"limit capabilities", meanwhile.set},
		{"raise ambient set", func() error {
			return n.Caps.each(func(number uintptr) error {
				return unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_RAISE, number, 0, 0)
			})
		}},
		{"lock securebits", func() error { return unix.Prctl(unix.PR_SET_SECUREBITS, lockedSecurebits, 0, 0, 0) }},
		{"drop capabilities", last.set},
		{"no_new_privs", func() error { return unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }},
		{"exec", h.exec},
	} {
		if err := step.do(); err != nil {
			return fmt.Errorf("cannot shed privilege: %s: %w", step.name, err)
		}
	}
	return nil
}

// raw makes a system call on the calling thread only.
func raw(trap, a1, a2, a3 uintptr) error {
	if _, _, errno := unix.RawSyscall(trap, a1, a2, a3); errno != 0 {
		return errno
	}
	return nil
}
