package ops

// Constants that golang.org/x/sys/unix lacks.

// linux/neighbour.h
const (
	ndaProtocol = 12 // NDA_PROTOCOL
	ndaNHID     = 13 // NDA_NH_ID
	ndaFlagsExt = 15 // NDA_FLAGS_EXT

	ntfSticky = 1 << 6 // NTF_STICKY

	ntfExtManaged   = 1 << 0 // NTF_EXT_MANAGED
	ntfExtLocked    = 1 << 1 // NTF_EXT_LOCKED
	ntfExtValidated = 1 << 2 // NTF_EXT_EXT_VALIDATED
)
