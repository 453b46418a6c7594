package attr

// A QueueLength is how many packets wait at most (IFLA_TXQLEN).
type QueueLength uint32

var (
	queueLengthNumber = &number[QueueLength]{max: 1<<32 - 1}
	typeQueueLength   = queueLengthNumber.typ("queue-length", "number of packets, 0 to 4294967295")
)

func (QueueLength) Type() *Type      { return typeQueueLength }
func (v QueueLength) Check() error   { return queueLengthNumber.check(v) }
func (v QueueLength) String() string { return queueLengthNumber.print(v) }

// A QueueCount is a number of queues (IFLA_NUM_TX_QUEUES).
type QueueCount uint32

var (
	queueCountNumber = &number[QueueCount]{min: 1, max: 4096}
	typeQueueCount   = queueCountNumber.typ("queue-count", "number of queues, 1 to 4096")
)

func (QueueCount) Type() *Type      { return typeQueueCount }
func (v QueueCount) Check() error   { return queueCountNumber.check(v) }
func (v QueueCount) String() string { return queueCountNumber.print(v) }

// A Limit is how many entries a table may have.
type Limit uint32

var (
	limitNumber = &number[Limit]{max: 1<<32 - 1}
	typeLimit   = limitNumber.typ("limit", "number of entries, 0 to 4294967295")
)

func (Limit) Type() *Type      { return typeLimit }
func (v Limit) Check() error   { return limitNumber.check(v) }
func (v Limit) String() string { return limitNumber.print(v) }
