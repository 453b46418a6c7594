package privilege

// Bits of PR_SET_SECUREBITS (linux/securebits.h). Each has a lock beside it.
const (
	secbitNoRoot               = 1 << 0
	secbitNoRootLocked         = 1 << 1
	secbitNoSetuidFixup        = 1 << 2
	secbitNoSetuidFixupLocked  = 1 << 3
	secbitKeepCaps             = 1 << 4
	secbitKeepCapsLocked       = 1 << 5
	secbitNoAmbientRaise       = 1 << 6
	secbitNoAmbientRaiseLocked = 1 << 7
)
