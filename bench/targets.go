package main

import "nethelper/bench/stats"

// A Target is a ratio of two things that were measured in the same rounds.
type Target struct {
	What string
	// Over and Under are cases with a metric each; what is under is summed.
	Over  []measured
	Under []measured
	// Target and Stretch are bounds: from above where more is worse.
	Target, Stretch float64
	More            bool // is better
}

type measured struct{ name, metric string }

const (
	p50 = "p50 us"
	p99 = "p99 us"
)

var targets = []Target{
	{"one route.replace, p50, on one CPU / (C in process + C pipe round trip)",
		[]measured{{"helper, raw loop, one CPU", p50}}, []measured{{"C, in process", p50}, {"C, pipe round trip, one CPU", p50}}, 1.4, 1.15, false},
	{"the same through the Go library",
		[]measured{{"helper, Go library, one CPU", p50}}, []measured{{"C, in process", p50}, {"C, pipe round trip, one CPU", p50}}, 1.4, 1.15, false},
	{"the same, placed by the scheduler / mdlayher/netlink in process",
		[]measured{{"helper, Go library", p50}}, []measured{{"mdlayher/netlink, in process", p50}}, 1.0, 0.7, false},
	{"Neutron's privsep call / the Go library", []measured{{"Neutron, privsep", p50}}, []measured{{"helper, Go library", p50}}, 2000, 2700, true},
	{"`sudo ip` / the Go library", []measured{{"sudo ip", p50}}, []measured{{"helper, Go library", p50}}, 500, 650, true},
	{"`ip` / the Go library", []measured{{"ip", p50}}, []measured{{"helper, Go library", p50}}, 100, 135, true},
	{"the Go library / the raw loop, operations per second", []measured{{"helper, Go library", "ops/s"}}, []measured{{"helper, raw loop", "ops/s"}}, 0.85, 0.95, true},
	{"cold start / `ip -n`", []measured{{"start: helper, both stages and the sandbox", "ms"}}, []measured{{"start: ip -n", "ms"}}, 2, 1.5, false},
	{"`sudo ip -n` / cold start", []measured{{"start: sudo ip -n", "ms"}}, []measured{{"start: helper, both stages and the sandbox", "ms"}}, 2.5, 3.5, true},
	{"routes in batches / `ip -batch`, routes per second", []measured{{"bulk: helper, batches of 512", "routes/s"}}, []measured{{"bulk: ip -batch", "routes/s"}}, 3.5, 4.5, true},
	{"routes in batches / C, routes per second", []measured{{"bulk: helper, batches of 512", "routes/s"}}, []measured{{"bulk: C, 512 messages a send", "routes/s"}}, 0.85, 0.95, true},
	{"routes pipelined / `ip -batch`, routes per second", []measured{{"bulk: helper, pipelined", "routes/s"}}, []measured{{"bulk: ip -batch", "routes/s"}}, 2.5, 3.5, true},
	{"list of 1,000,000 / C", []measured{{"list: helper", "ms"}}, []measured{{"list: C, thrown away", "ms"}}, 1.3, 1.05, false},
	{"`ip route show` / list of 1,000,000", []measured{{"list: ip route show >/dev/null", "ms"}}, []measured{{"list: helper", "ms"}}, 2.3, 3, true},
	{"16 callers on one helper / on Neutron's privsep, operations per second",
		[]measured{{"16 callers: helper", "ops/s"}}, []measured{{"16 callers: Neutron, privsep", "ops/s"}}, 2000, 3000, true},
	{"16 callers, p99: Neutron's privsep / the helper",
		[]measured{{"16 callers: Neutron, privsep", p99}}, []measured{{"16 callers: helper", p99}}, 500, 1000, true},
}

// A Bound is a measurement with a limit of its own.
type Bound struct {
	What            string
	Of              measured
	Target, Stretch float64
	Unit            string
}

var bounds = []Bound{
	{"the helper's peak memory during a list of 1,000,000", measured{"list: helper", "helper KiB"}, 8 << 10, 4 << 10, ", KiB"},
	{"the helper's memory after one operation", measured{"idle helper", "KiB"}, 6 << 10, 3584, ", KiB"},
	{"wake-ups per second of a helper with nothing to do", measured{"idle helper", "wake-ups/s"}, 0, 0, ""},
}

// ratio is the target's, round by round.
func (r *Results) ratio(t Target) stats.Series {
	var series []stats.Series
	for _, m := range append(t.Over[:len(t.Over):len(t.Over)], t.Under...) {
		series = append(series, r.of(m.name, m.metric))
	}
	return stats.Pair(func(values ...float64) float64 {
		over, under := 0.0, 0.0
		for i, v := range values {
			if i < len(t.Over) {
				over += v
			} else {
				under += v
			}
		}
		return over / under
	}, series...)
}

// met says which bound a median keeps.
func met(median, target, stretch float64, more bool) string {
	keeps := func(bound float64) bool {
		if more {
			return median >= bound
		}
		return median <= bound
	}
	switch {
	case keeps(stretch):
		return "stretch"
	case keeps(target):
		return "met"
	}
	return "missed"
}
