package seccomp

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"nethelper/internal/kernel"

	"github.com/jsimonetti/rtnetlink/v2"
	"golang.org/x/sys/unix"
)

// BenchmarkFilter reports what the filter of profile C costs: a call that it lets
// pass whatever the arguments, one whose arguments it looks at, and a netlink
// request. The times with and without it are of one process.
func BenchmarkFilter(b *testing.B) {
	needPureGo(b)
	for b.Loop() {
		var text strings.Builder
		cmd := child("cost", C.String())
		cmd.Stdout = &text
		start(b, cmd)
		if err := cmd.Wait(); err != nil {
			b.Fatal(err)
		}
		for line := range strings.Lines(text.String()) {
			var what string
			var without, with float64
			if _, err := fmt.Sscan(line, &what, &without, &with); err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(without, what+"-ns")
			b.ReportMetric(with, what+"-filtered-ns")
			b.ReportMetric(with/without, what+"-ratio")
		}
	}
}

// cost is a process that measures, installs the filter and measures again.
func cost(p Profile) error {
	k, err := kernel.New()
	if err != nil {
		return err
	}
	ns, err := k.Begin(kernel.Sleep).In(nil)
	if err != nil {
		return err
	}
	whats := []struct {
		name string
		n    int
		do   func() error
	}{
		{"getpid", 1 << 16, func() error { unix.RawSyscall(unix.SYS_GETPID, 0, 0, 0); return nil }},
		{"ioctl", 1 << 16, func() error { unix.RawSyscall(unix.SYS_IOCTL, 0, unix.SIOCGIFNAME, 0); return nil }},
		{"netlink", 1 << 12, func() error {
			return ns.Do(kernel.NewRequest(unix.RTM_SETLINK, 0, &rtnetlink.LinkMessage{Index: 1}))
		}},
	}
	without := make([]time.Duration, len(whats))
	for i, what := range whats {
		if without[i], err = fastest(what.n, what.do); err != nil {
			return err
		}
	}
	if err := confine(p); err != nil {
		return err
	}
	for i, what := range whats {
		with, err := fastest(what.n, what.do)
		if err != nil {
			return err
		}
		line := fmt.Sprintln(what.name, without[i].Nanoseconds(), with.Nanoseconds())
		if _, err := unix.Write(1, []byte(line)); err != nil {
			return err
		}
	}
	return nil
}

// fastest returns how long one of n takes in the best of some rounds.
func fastest(n int, do func() error) (time.Duration, error) {
	var rounds []time.Duration
	for range 7 {
		begin := time.Now()
		for range n {
			if err := do(); err != nil {
				return 0, err
			}
		}
		rounds = append(rounds, time.Since(begin)/time.Duration(n))
	}
	return slices.Min(rounds), nil
}
