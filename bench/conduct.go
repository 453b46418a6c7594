package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"nethelper/bench/stage"
	"nethelper/bench/stats"
)

// A Results is what a run has measured: of each case each metric, and why a case
// has none.
type Results struct {
	options
	series   map[string]map[string]*stats.Series
	failures map[string]string
	versions []string // of the peers
}

// most is how long one round of a case may take.
const most = 3 * time.Minute

// conduct measures everything, round by round, and says what came of it.
func conduct(ctx context.Context, o options) error {
	if err := stage.Prepare("bin/bench", "bin/nethelper"); err != nil {
		return err
	}
	r := &Results{options: o, series: make(map[string]map[string]*stats.Series), failures: make(map[string]string)}
	r.findPeers(ctx)
	for round := range o.rounds {
		for c := range everyCase() {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if r.failures[c.Name] != "" || c.count(o.quick) == 0 || !o.cases.MatchString(c.Name) {
				continue
			}
			fmt.Fprintf(os.Stderr, "\r\033[Kround %d of %d: %s", round+1, o.rounds, c.Name)
			if err := r.measure(ctx, c, round); err != nil {
				r.failures[c.Name] = err.Error()
				fmt.Fprintf(os.Stderr, "\r\033[K%s: %v\n", c.Name, err)
			}
		}
	}
	fmt.Fprint(os.Stderr, "\r\033[K")
	text := r.markdown(ctx)
	if _, err := fmt.Print(text); err != nil {
		return err
	}
	if !o.write {
		return nil
	}
	return errors.Join(
		os.WriteFile("bench/RESULTS.md", []byte(text), 0o644),
		os.WriteFile("bench/ladder.svg", []byte(r.ladder()), 0o644),
		os.WriteFile("bench/growth.svg", []byte(r.growth()), 0o644),
		r.cite("docs/performance.md"),
	)
}

// findPeers has the cases fail whose peers are not installed.
func (r *Results) findPeers(ctx context.Context) {
	for _, p := range peers {
		version, err := p.version(ctx)
		if err == nil {
			r.versions = append(r.versions, p.Package+": "+version)
			continue
		}
		for c := range everyCase() {
			if c.Peer == p && c.count(r.quick) > 0 {
				r.failures[c.Name] = err.Error()
			}
		}
	}
}

// measure runs one round of a case.
func (r *Results) measure(ctx context.Context, c *Case, round int) error {
	ctx, cancel := context.WithTimeout(ctx, most)
	defer cancel()
	if err := c.Scene.enter(ctx); err != nil {
		return err
	}
	policy := usual
	if c.Policy != nil {
		policy = c.Policy
	}
	if err := stage.SetPolicy(policy()); err != nil {
		return err
	}
	if err := stage.ForgetRecords(); err != nil {
		return err
	}
	netns := ""
	if c.Scene != nil {
		netns = c.Scene.Netns
	}
	p := stage.Process{Argv: c.argv(strconv.Itoa(c.count(r.quick)), netns), Pinned: c.Pinned}
	if c.Within {
		p.Netns = netns
	}
	if !c.Root {
		p.User = &stage.Services[0]
	}
	text, err := p.Output(ctx)
	if err == nil {
		err = c.Scene.leave(ctx)
	}
	if err != nil {
		return err
	}
	if r.series[c.Name] == nil {
		r.series[c.Name] = make(map[string]*stats.Series)
	}
	for metric, v := range parseReport(text) {
		if r.series[c.Name][metric] == nil {
			r.series[c.Name][metric] = new(stats.Series)
		}
		r.series[c.Name][metric].Set(round, v)
	}
	return nil
}

// of returns what was measured of a case, which may be nothing.
func (r *Results) of(name, metric string) stats.Series {
	if s := r.series[name][metric]; s != nil {
		return *s
	}
	return nil
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}
