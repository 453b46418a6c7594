package ops

// Constants that golang.org/x/sys/unix lacks.

// linux/if_addr.h
const (
	ifaProto           = 11 // IFA_PROTO
	sizeofIfaCacheinfo = 16 // struct ifa_cacheinfo
)
