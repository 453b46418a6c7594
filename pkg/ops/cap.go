package ops

// A Cap is a Linux capability (capabilities(7)).
type Cap string

const (
	NetAdmin      Cap = "CAP_NET_ADMIN"
	SysAdmin      Cap = "CAP_SYS_ADMIN"
	SysPtrace     Cap = "CAP_SYS_PTRACE"
	DACReadSearch Cap = "CAP_DAC_READ_SEARCH"
)
