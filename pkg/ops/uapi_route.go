package ops

// Constants that golang.org/x/sys/unix lacks.

// linux/rtnetlink.h
const (
	rtaNHID            = 30 // RTA_NH_ID
	sizeofRTACacheInfo = 32 // struct rta_cacheinfo
)

// linux/ipv6_route.h
const ipv6DefaultMetric = 1024 // IP6_RT_PRIO_USER

// linux/fib_rules.h
const (
	fraDSCP          = 25 // FRA_DSCP
	fraFlowLabel     = 26 // FRA_FLOWLABEL
	fraFlowLabelMask = 27 // FRA_FLOWLABEL_MASK
	fraSPortMask     = 28 // FRA_SPORT_MASK
	fraDPortMask     = 29 // FRA_DPORT_MASK
	fraDSCPMask      = 30 // FRA_DSCP_MASK
)

// asm/param.h: the kernel counts the expiry of a route in hundredths of a second.
const userHZ = 100
