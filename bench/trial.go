package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"nethelper/bench/stage"
	"nethelper/bench/stats"
	"nethelper/pkg/attr"
	"nethelper/pkg/client"
)

// trialWord makes this program a trial of one case.
const trialWord = "trial"

// A Trial is one round of a case, in a process of its own, as the user that the
// case is for.
type Trial struct {
	context.Context
	N     int
	Netns attr.NetNS
	name  string
}

// runTrial carries out the trial of the case that args name, and prints what it
// measures.
func runTrial(args []string) error {
	if len(args) != 3 {
		return errors.New("trial: want CASE COUNT NETNS")
	}
	c := find(args[0])
	if c == nil || c.Trial == nil {
		return fmt.Errorf("trial: no case %q", args[0])
	}
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	return c.Trial(&Trial{Context: context.Background(), N: n, Netns: attr.NetNS(args[2]), name: args[0]})
}

// find returns the case of that name.
func find(name string) *Case {
	for c := range everyCase() {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Report says a measurement: what it is, with its unit, and the value.
func (t *Trial) Report(metric string, v float64) {
	fmt.Printf("%s\t%g\n", metric, v)
}

// parseReport reads what a process reported. Other lines are none of it.
func parseReport(text string) map[string]float64 {
	metrics := make(map[string]float64)
	for line := range strings.Lines(text) {
		metric, value, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if v, err := strconv.ParseFloat(value, 64); ok && err == nil {
			metrics[metric] = v
		}
	}
	return metrics
}

// helper returns a client of the installed helper.
func (t *Trial) helper() *client.Client {
	return client.New(client.Config{Path: stage.Helper, Stderr: os.Stderr})
}

// warmUp is how many operations go before those that are measured. It takes every
// destination to both links, so that each one measured changes its route.
const warmUp = 2 * destinations

// sequence measures N operations, one after the other.
func (t *Trial) sequence(do func(i int) error) error {
	for i := range warmUp {
		// The first time around the routes may be by that link already.
		if err := do(i); err != nil && (i >= destinations || !errors.Is(err, errUnchanged)) {
			return err
		}
	}
	latencies := make([]float64, t.N)
	begin := time.Now()
	for i := range latencies {
		before := time.Now()
		if err := do(warmUp + i); err != nil {
			return err
		}
		latencies[i] = micros(time.Since(before))
	}
	t.reportLatencies(latencies, time.Since(begin))
	return nil
}

// reportLatencies sorts the latencies.
func (t *Trial) reportLatencies(us []float64, total time.Duration) {
	slices.Sort(us)
	t.Report("p50 us", stats.Quantile(us, 0.50))
	t.Report("p99 us", stats.Quantile(us, 0.99))
	t.Report("ops/s", float64(len(us))/total.Seconds())
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }
func millis(d time.Duration) float64 { return micros(d) / 1e3 }

// repeat measures N runs of something that takes milliseconds.
func (t *Trial) repeat(do func(i int) error) error {
	us := make([]float64, t.N)
	begin := time.Now()
	for i := range us {
		before := time.Now()
		if err := do(i); err != nil {
			return err
		}
		us[i] = micros(time.Since(before))
	}
	total := time.Since(begin)
	t.reportLatencies(us, total)
	t.Report("ms", stats.Quantile(us, 0.5)/1e3)
	return nil
}
