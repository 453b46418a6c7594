package privilege

// atSecure is the entry of the auxiliary vector that asks for secure mode
// (AT_SECURE, linux/auxvec.h).
const atSecure = 23
