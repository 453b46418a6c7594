package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"nethelper/bench/stage"
	"nethelper/bench/stats"
)

// markdown is what RESULTS.md says.
func (r *Results) markdown(ctx context.Context) string {
	var b strings.Builder
	b.WriteString("# What was measured\n\n")
	fmt.Fprintf(&b, "Written by `make bench`: %d rounds in one sitting, in which every row is run once; the median of the rounds, with the\n"+
		"smallest and the largest. Ratios are paired round by round. The helper is installed set-id root and started by an ordinary\n"+
		"user, with the policy of an agent, records to a file on disk, and its filter in force.\n\n", r.rounds)
	for _, line := range machine(ctx) {
		b.WriteString("- " + line + "\n")
	}
	for _, v := range r.versions {
		b.WriteString("- " + v + "\n")
	}
	b.WriteString("\n![from the floor to privsep](ladder.svg)\n\n")
	r.writeTargets(&b)
	for _, s := range sections {
		r.writeSection(&b, s)
	}
	if !r.quick {
		r.writeCurves(&b)
	}
	r.writeFailures(&b)
	return b.String()
}

// machine says where it was measured, and when.
func machine(ctx context.Context) []string {
	kernel, err := stage.Process{Argv: []string{"/usr/bin/uname", "-srm"}}.Output(ctx)
	if err != nil {
		kernel = "kernel: " + err.Error()
	}
	cpu := runtime.GOARCH
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				cpu = strings.TrimSpace(value)
				break
			}
		}
	}
	return []string{
		fmt.Sprintf("%d CPUs, %s", runtime.NumCPU(), cpu),
		strings.TrimSpace(kernel) + ", " + runtime.Version(),
		time.Now().UTC().Format(time.DateOnly),
	}
}

func (r *Results) writeTargets(b *strings.Builder) {
	b.WriteString("## Targets\n\n| ratio of medians | measured | target | stretch | |\n| --- | --- | --- | --- | --- |\n")
	row := func(what, unit string, s stats.Spread, target, stretch float64, more bool) {
		if s.Rounds == 0 {
			fmt.Fprintf(b, "| %s | not measured | | | |\n", what)
			return
		}
		fmt.Fprintf(b, "| %s%s | %s | %s | %s | %s |\n", what, unit, s, stats.Format(target), stats.Format(stretch), met(s.Median, target, stretch, more))
	}
	for _, t := range targets {
		row(t.What, "", r.ratio(t).Spread(), t.Target, t.Stretch, t.More)
	}
	for _, t := range bounds {
		row(t.What, t.Unit, r.of(t.Of.name, t.Of.metric).Spread(), t.Target, t.Stretch, false)
	}
	b.WriteString("\n")
}

func (r *Results) writeSection(b *strings.Builder, s *Section) {
	fmt.Fprintf(b, "## %s\n\n", s.Title)
	if s.Text != "" {
		b.WriteString(s.Text + "\n\n")
	}
	b.WriteString("| | " + strings.Join(s.Columns, " | ") + " |\n|" + strings.Repeat(" --- |", len(s.Columns)+1) + "\n")
	for _, c := range s.Cases {
		if r.series[c.Name] == nil {
			continue
		}
		b.WriteString("| " + c.Name)
		for _, metric := range s.Columns {
			b.WriteString(" | " + r.of(c.Name, metric).Spread().String())
		}
		b.WriteString(" |\n")
	}
	b.WriteString("\n")
}

func (r *Results) writeFailures(b *strings.Builder) {
	if len(r.failures) == 0 {
		return
	}
	b.WriteString("## Not measured\n\n")
	for c := range everyCase() {
		if why := r.failures[c.Name]; why != "" {
			fmt.Fprintf(b, "- %s: %s\n", c.Name, why)
		}
	}
}
