package main

// What is measured. The first case of a section is what the others are compared
// with by eye; the ratios that matter are in targets.go.
var sections = []*Section{
	{
		Title:   "One route.replace after the other",
		Text:    "By names, 256 destinations whose link alternates, so that every one is a change.",
		Columns: []string{"p50 us", "p99 us", "ops/s"},
		Cases: []*Case{
			{Name: "C, in process", Scene: router, Root: true, Within: true, Program: floor("route"), Quick: 5000, Full: 10000},
			{Name: "C, in process, told of the change", Scene: router, Root: true, Within: true, Program: floor("route", "echo"), Quick: 5000, Full: 10000},
			{Name: "C, the helper's system calls", Scene: router, Root: true, Within: true, Program: floor("calls", netnsWord), Quick: 5000, Full: 10000},
			{Name: "C, pipe round trip", Program: floor("pipe"), Quick: 5000, Full: 10000},
			{Name: "C, pipe round trip, one CPU", Program: floor("pipe"), Pinned: true, Quick: 5000, Full: 10000},
			{Name: "mdlayher/netlink, in process", Scene: router, Root: true, Within: true, Trial: library, Quick: 5000, Full: 10000},
			{Name: "helper, raw loop", Scene: router, Trial: rawLoop, Quick: 5000, Full: 10000},
			{Name: "helper, raw loop, one CPU", Scene: router, Pinned: true, Trial: rawLoop, Quick: 5000, Full: 10000},
			{Name: "helper, Go library", Scene: router, Trial: oneCaller, Quick: 5000, Full: 10000},
			{Name: "helper, Go library, one CPU", Scene: router, Pinned: true, Trial: oneCaller, Quick: 5000, Full: 10000},
			{Name: "helper, a denial", Scene: router, Trial: denial, Quick: 5000, Full: 10000},
			{Name: "ip", Peer: iproute, Scene: router, Root: true, Trial: spawned("/usr/sbin/ip"), Quick: 50, Full: 200},
			{Name: "sudo ip", Peer: sudo, Scene: router, Trial: spawned("/usr/bin/sudo", "-n", "/usr/sbin/ip"), Quick: 20, Full: 100},
			{Name: "pyroute2, in process", Peer: pyroute2, Scene: router, Root: true, Within: true, Program: python("iproute.py"), Full: 1000},
			{Name: "oslo.rootwrap's daemon, ip", Peer: rootwrap, Scene: router, Root: true, Program: python("rootwrap.py"), Full: 100},
			{Name: "Neutron, privsep", Peer: neutron, Scene: router, Root: true, Program: python("privsep.py", "1"), Full: 60},
		},
	},
	{
		Title:   "Cold start: start, one route, exit",
		Columns: []string{"ms"},
		Cases: []*Case{
			{Name: "start: an empty C program", Root: true, Trial: starts("/floor/empty"), Quick: 20, Full: 40},
			{Name: "start: ip -n", Peer: iproute, Scene: router, Root: true, Trial: spawned("/usr/sbin/ip"), Quick: 20, Full: 40},
			{Name: "start: helper, both stages and the sandbox", Scene: router, Trial: coldStart, Quick: 20, Full: 40},
			{Name: "start: sudo ip -n", Peer: sudo, Scene: router, Trial: spawned("/usr/bin/sudo", "-n", "/usr/sbin/ip"), Quick: 20, Full: 40},
		},
	},
	{
		Title:   "Many routes into an empty table",
		Columns: []string{"ms", "routes/s", "helper KiB"},
		Cases: []*Case{
			{Name: "bulk: C, 512 messages a send", Scene: fresh, Root: true, Within: true, Program: floor("bulk"), Quick: 20_000, Full: 100_000},
			{Name: "bulk: ip -batch", Peer: iproute, Scene: fresh, Root: true, Within: true, Trial: ipBatch, Quick: 20_000, Full: 100_000},
			{Name: "bulk: helper, batches of 512", Scene: fresh, Trial: inBatches(add, 512), Quick: 20_000, Full: 100_000},
			{Name: "bulk: helper, pipelined", Scene: fresh, Trial: pipelined(add, 1024), Quick: 20_000, Full: 100_000},
			{Name: "bulk: helper, pipelined, route.replace", Scene: fresh, Trial: pipelined(replace, 1024), Quick: 20_000, Full: 100_000},
		},
	},
	{
		Title:   "A list, visited as typed values",
		Columns: []string{"ms", "routes/s", "helper KiB"},
		Cases: []*Case{
			{Name: "list: C, thrown away", Scene: million, Root: true, Within: true, Program: floor("dump"), Full: 1_000_000},
			{Name: "list: ip route show >/dev/null", Peer: iproute, Scene: million, Root: true, Within: true, Trial: ipList, Full: 1_000_000},
			{Name: "list: helper", Scene: million, Trial: visit, Full: 1_000_000},
			{Name: "short list: C, thrown away", Scene: hundredK, Root: true, Within: true, Program: floor("dump"), Quick: 100_000, Full: 100_000},
			{Name: "short list: helper", Scene: hundredK, Trial: visit, Quick: 100_000, Full: 100_000},
		},
	},
	{
		Title:   "Sixteen callers at once",
		Columns: []string{"p50 us", "p99 us", "ops/s"},
		Cases: []*Case{
			{Name: "16 callers: helper", Scene: router, Trial: callers(16), Quick: 10_000, Full: 40_000},
			{Name: "16 callers: Neutron, privsep", Peer: neutron, Scene: router, Root: true, Program: python("privsep.py", "16"), Full: 160},
		},
	},
	{
		Title:   "A helper with nothing to do",
		Columns: []string{"KiB", "KiB after thousands", "KiB after a rest", "wake-ups/s"},
		Cases: []*Case{
			{Name: "idle helper", Scene: router, Trial: idle, Quick: 2000, Full: 5000},
		},
	},
}
