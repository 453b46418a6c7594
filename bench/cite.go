package main

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"strings"

	"nethelper/bench/stats"
)

// A citation is a figure in a document, as a link to the results. Its title tells
// which: a case and a metric, CASE: METRIC, or a target by its words.
var citation = regexp.MustCompile(`\[([^\]]*)\]\(\.\./bench/RESULTS\.md "([^"]*)"\)`)

// cite puts the figures into a document. What was not measured stays as it is.
func (r *Results) cite(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var unknown error
	cited := citation.ReplaceAllStringFunc(string(text), func(link string) string {
		m := citation.FindStringSubmatch(link)
		figure, err := r.figure(m[2])
		unknown = cmp.Or(unknown, err)
		return fmt.Sprintf(`[%s](../bench/RESULTS.md "%s")`, cmp.Or(figure, m[1]), m[2])
	})
	if unknown != nil {
		return fmt.Errorf("%s: %w", file, unknown)
	}
	return os.WriteFile(file, []byte(cited), 0o644)
}

// figure is the median of what a title names, or "" if it was not measured.
func (r *Results) figure(title string) (string, error) {
	for _, t := range targets {
		if t.What == title {
			return median(r.ratio(t), ""), nil
		}
	}
	at := strings.LastIndex(title, ": ")
	if at < 0 || find(title[:at]) == nil {
		return "", fmt.Errorf("no row is called %q", title)
	}
	metric := title[at+2:]
	return median(r.of(title[:at], metric), metric), nil
}

// median is a series' with the unit that the metric ends in.
func median(s stats.Series, metric string) string {
	spread := s.Spread()
	if spread.Rounds == 0 {
		return ""
	}
	words := strings.Fields(metric)
	if len(words) == 0 {
		return stats.Format(spread.Median)
	}
	return stats.Format(spread.Median) + " " + words[len(words)-1]
}
