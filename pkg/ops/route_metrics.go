package ops

import (
	"fmt"
	"math"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// RouteMetrics is what connections over a route start from (RTA_METRICS).
type RouteMetrics struct {
	MTU              *attr.MTU        `cbor:"mtu,omitempty" help:"largest packet in bytes"`
	MTULock          *attr.Flag       `cbor:"mtu_lock,omitempty" help:"on if path MTU discovery must not change the MTU"`
	AdvMSS           *attr.MTU        `cbor:"advmss,omitempty" help:"largest TCP segment to advertise"`
	Window           *attr.Quantity   `cbor:"window,omitempty" help:"largest TCP window to advertise, in bytes"`
	RTT              *attr.Quantity   `cbor:"rtt,omitempty" help:"first estimate of the round-trip time, in milliseconds"`
	RTTVar           *attr.Quantity   `cbor:"rttvar,omitempty" help:"first estimate of the variance of the round-trip time, in milliseconds"`
	RTOMin           *attr.Quantity   `cbor:"rto_min,omitempty" help:"shortest TCP retransmission timeout, in milliseconds"`
	SSThresh         *attr.Quantity   `cbor:"ssthresh,omitempty" help:"first slow-start threshold, in segments"`
	CWnd             *attr.Quantity   `cbor:"cwnd,omitempty" help:"largest congestion window, in segments"`
	InitCWnd         *attr.Quantity   `cbor:"initcwnd,omitempty" help:"first congestion window, in segments"`
	InitRWnd         *attr.Quantity   `cbor:"initrwnd,omitempty" help:"first receive window, in segments"`
	Reordering       *attr.Quantity   `cbor:"reordering,omitempty" help:"reordering that TCP expects, in segments"`
	HopLimit         *attr.TTL        `cbor:"hoplimit,omitempty" help:"time to live of packets that are sent"`
	ECN              *attr.Flag       `cbor:"ecn,omitempty" help:"on to ask for explicit congestion notification"`
	QuickAck         *attr.Flag       `cbor:"quickack,omitempty" help:"on to acknowledge without delay"`
	FastOpenNoCookie *attr.Flag       `cbor:"fastopen_no_cookie,omitempty" help:"on for TCP fast open without a cookie"`
	Congestion       *attr.Congestion `cbor:"congestion,omitempty" help:"TCP congestion control algorithm"`
}

// Units of the kernel's estimates, as parts of a millisecond.
const (
	rttUnit    = 8
	rttvarUnit = 4
)

var routeMetrics = []option[RouteMetrics]{
	optionMask("metrics.mtu_lock", unix.RTAX_LOCK, 1<<unix.RTAX_MTU, func(m *RouteMetrics) **attr.Flag { return &m.MTULock }),
	option32("metrics.mtu", unix.RTAX_MTU, func(m *RouteMetrics) **attr.MTU { return &m.MTU }),
	option32("metrics.advmss", unix.RTAX_ADVMSS, func(m *RouteMetrics) **attr.MTU { return &m.AdvMSS }),
	option32("metrics.window", unix.RTAX_WINDOW, func(m *RouteMetrics) **attr.Quantity { return &m.Window }),
	optionScaled("metrics.rtt", unix.RTAX_RTT, rttUnit, func(m *RouteMetrics) **attr.Quantity { return &m.RTT }),
	optionScaled("metrics.rttvar", unix.RTAX_RTTVAR, rttvarUnit, func(m *RouteMetrics) **attr.Quantity { return &m.RTTVar }),
	option32("metrics.rto_min", unix.RTAX_RTO_MIN, func(m *RouteMetrics) **attr.Quantity { return &m.RTOMin }),
	option32("metrics.ssthresh", unix.RTAX_SSTHRESH, func(m *RouteMetrics) **attr.Quantity { return &m.SSThresh }),
	option32("metrics.cwnd", unix.RTAX_CWND, func(m *RouteMetrics) **attr.Quantity { return &m.CWnd }),
	option32("metrics.initcwnd", unix.RTAX_INITCWND, func(m *RouteMetrics) **attr.Quantity { return &m.InitCWnd }),
	option32("metrics.initrwnd", unix.RTAX_INITRWND, func(m *RouteMetrics) **attr.Quantity { return &m.InitRWnd }),
	option32("metrics.reordering", unix.RTAX_REORDERING, func(m *RouteMetrics) **attr.Quantity { return &m.Reordering }),
	optionWide("metrics.hoplimit", unix.RTAX_HOPLIMIT, func(m *RouteMetrics) **attr.TTL { return &m.HopLimit }),
	optionMask("metrics.ecn", unix.RTAX_FEATURES, unix.RTAX_FEATURE_ECN, func(m *RouteMetrics) **attr.Flag { return &m.ECN }),
	optionMask("metrics.quickack", unix.RTAX_QUICKACK, 1, func(m *RouteMetrics) **attr.Flag { return &m.QuickAck }),
	optionMask("metrics.fastopen_no_cookie", unix.RTAX_FASTOPEN_NO_COOKIE, 1, func(m *RouteMetrics) **attr.Flag { return &m.FastOpenNoCookie }),
	optional(unix.RTAX_CC_ALGO, func(m *RouteMetrics) **attr.Congestion { return &m.Congestion },
		func(r *kernel.Request, v attr.Congestion) {
			r.String("metrics.congestion", unix.RTAX_CC_ALGO, string(v))
		},
		func(ad *kernel.Attributes) attr.Congestion { return attr.Congestion(decodeText(ad)) }),
}

// optionScaled is a number that the kernel keeps in smaller units.
func optionScaled[O any](name string, typ uint16, scale uint32, field func(*O) **attr.Quantity) option[O] {
	return optional(typ, field,
		func(r *kernel.Request, v attr.Quantity) { r.Uint32(name, typ, uint32(v)*scale) },
		func(ad *kernel.Attributes) attr.Quantity { return attr.Quantity(ad.Uint32() / scale) })
}

// optionWide is a number of 8 bits that travels in 32.
func optionWide[O any, T ~uint8](name string, typ uint16, field func(*O) **T) option[O] {
	return optional(typ, field,
		func(r *kernel.Request, v T) { r.Uint32(name, typ, uint32(v)) },
		func(ad *kernel.Attributes) T { return T(min(ad.Uint32(), math.MaxUint8)) })
}

// optionMask is a flag that is one bit of a number of 32 bits, of which the
// other bits are not offered.
func optionMask[O any](name string, typ uint16, mask uint32, field func(*O) **attr.Flag) option[O] {
	return optional(typ, field,
		func(r *kernel.Request, v attr.Flag) { r.Uint32(name, typ, mask*uint32(bit(v))) },
		func(ad *kernel.Attributes) attr.Flag { return ad.Uint32()&mask != 0 })
}

func (m *RouteMetrics) check() error {
	if *m == (RouteMetrics{}) {
		return invalid("metrics", "want at least one metric")
	}
	if m.MTULock != nil && m.MTU == nil {
		return invalid("metrics.mtu_lock", "want metrics.mtu as well")
	}
	for _, scaled := range []struct {
		name  string
		value *attr.Quantity
		scale attr.Quantity
	}{
		{"metrics.rtt", m.RTT, rttUnit},
		{"metrics.rttvar", m.RTTVar, rttvarUnit},
	} {
		if most := math.MaxUint32 / scaled.scale; value(scaled.value) > most {
			return invalid(scaled.name, fmt.Sprintf("want at most %d", most))
		}
	}
	return nil
}
