package audit

import "testing"

// BenchmarkWrite is what the two records of a request cost, as it goes and where
// it is one of a lot of 64, in which both kinds are written at once.
func BenchmarkWrite(b *testing.B) {
	const call = "route.replace netns=qrouter-bench dst=10.0.1.0/24 dev=qr-0"
	decide := Record{Event: Decide, Verdict: Allow, Grant: "/etc/nethelper/policy:3", Call: call, Seq: 100_000}
	done := Record{Event: Done, Verdict: Allow, Call: call, Seq: 100_000, Netns: 4026532000, Links: []Link{{"qr-0", 3}}}
	for name, n := range map[string]int{"one": 1, "64": 64} {
		b.Run(name, func(b *testing.B) {
			log, _ := open(b, Record{Helper: 812, UID: 1001, GID: 1002, PID: 811})
			var before, after []Record
			for range n {
				before, after = append(before, decide), append(after, done)
			}
			for b.Loop() {
				if err := log.Write(before...); err != nil {
					b.Fatal(err)
				}
				if err := log.Write(after...); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/request")
		})
	}
}
