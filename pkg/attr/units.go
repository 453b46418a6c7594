package attr

// A Lifetime is how long an address stays valid or preferred, in seconds (ifa_cacheinfo).
type Lifetime uint32

// Forever is the lifetime that does not end.
const Forever Lifetime = 1<<32 - 1

var (
	lifetimeNumber = &number[Lifetime]{max: Forever, words: []word[Lifetime]{{"forever", Forever}}}
	typeLifetime   = lifetimeNumber.typ("lifetime", "seconds, 0 to 4294967294, or forever")
)

func (Lifetime) Type() *Type      { return typeLifetime }
func (v Lifetime) Check() error   { return lifetimeNumber.check(v) }
func (v Lifetime) String() string { return lifetimeNumber.print(v) }

// Centiseconds is a time in the unit of a bridge's timers (USER_HZ).
type Centiseconds uint32

var (
	centisecondsNumber = &number[Centiseconds]{max: 1<<32 - 1}
	typeCentiseconds   = centisecondsNumber.typ("centiseconds", "hundredths of a second, 0 to 4294967295")
)

func (Centiseconds) Type() *Type      { return typeCentiseconds }
func (v Centiseconds) Check() error   { return centisecondsNumber.check(v) }
func (v Centiseconds) String() string { return centisecondsNumber.print(v) }

// Seconds is a time in seconds.
type Seconds uint32

var (
	secondsNumber = &number[Seconds]{max: 1<<32 - 1}
	typeSeconds   = secondsNumber.typ("seconds", "seconds, 0 to 4294967295")
)

func (Seconds) Type() *Type      { return typeSeconds }
func (v Seconds) Check() error   { return secondsNumber.check(v) }
func (v Seconds) String() string { return secondsNumber.print(v) }

// Milliseconds is how long a request may wait.
type Milliseconds uint32

var (
	millisecondsNumber = &number[Milliseconds]{max: 30000}
	typeMilliseconds   = millisecondsNumber.typ("milliseconds", "milliseconds, 0 to 30000")
)

func (Milliseconds) Type() *Type      { return typeMilliseconds }
func (v Milliseconds) Check() error   { return millisecondsNumber.check(v) }
func (v Milliseconds) String() string { return millisecondsNumber.print(v) }

// A Count is a number of things.
type Count uint64

var (
	countNumber = &number[Count]{max: 1<<64 - 1}
	typeCount   = countNumber.typ("count", "number, 0 to 18446744073709551615")
)

func (Count) Type() *Type      { return typeCount }
func (v Count) Check() error   { return countNumber.check(v) }
func (v Count) String() string { return countNumber.print(v) }

// A Quantity is a number of which the attribute tells what it counts.
type Quantity uint32

var (
	quantityNumber = &number[Quantity]{max: 1<<32 - 1}
	typeQuantity   = quantityNumber.typ("quantity", "number, 0 to 4294967295")
)

func (Quantity) Type() *Type      { return typeQuantity }
func (v Quantity) Check() error   { return quantityNumber.check(v) }
func (v Quantity) String() string { return quantityNumber.print(v) }
