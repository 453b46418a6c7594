package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nethelper/bench/stats"
)

// invented has every metric of every case measured in three rounds.
func invented() *Results {
	r := &Results{options: options{rounds: 3}, series: make(map[string]map[string]*stats.Series), failures: make(map[string]string)}
	v := 4.0
	add := func(c *Case, metrics ...string) {
		r.series[c.Name] = make(map[string]*stats.Series)
		for _, metric := range metrics {
			r.series[c.Name][metric] = &stats.Series{v, v * 2, v * 3}
			v *= 1.2
		}
	}
	for _, s := range sections {
		for _, c := range s.Cases {
			add(c, s.Columns...)
		}
	}
	for _, v := range curves {
		for _, c := range v.cases() {
			add(c, rate)
		}
	}
	return r
}

// A case has one name, is run in a full run, and is either a program or a trial.
func TestCases(t *testing.T) {
	names := make(map[string]bool)
	for c := range everyCase() {
		if names[c.Name] {
			t.Errorf("%s is there twice", c.Name)
		}
		names[c.Name] = true
		if c.Full == 0 {
			t.Errorf("%s: a full run leaves it out", c.Name)
		}
		if (c.Trial == nil) == (c.Program == nil) {
			t.Errorf("%s: want either a trial or a program", c.Name)
		}
		if find(c.Name) != c {
			t.Errorf("%s: another case is found by its name", c.Name)
		}
	}
	if len(names) == 0 {
		t.Error("no cases")
	}
}

// Every floor and every script of a peer is run by a case, and there is one for
// each case that runs one.
func TestPrograms(t *testing.T) {
	run := map[string]bool{
		"floor/empty.c":   true, // by what starts it
		"floor/floor.h":   true,
		"peer/measure.py": true,
	}
	for c := range everyCase() {
		for _, word := range c.Program {
			if name, ok := strings.CutPrefix(word, "/run/bench/floor/"); ok {
				run["floor/"+name+".c"] = true
			}
			if name, ok := strings.CutPrefix(word, "/run/bench/peer/"); ok {
				run["peer/"+name] = true
			}
		}
	}
	var there []string
	for _, pattern := range []string{"floor/*", "peer/*.py"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		there = append(there, files...)
	}
	for _, file := range there {
		if !run[file] {
			t.Errorf("no case runs %s", file)
		}
	}
	for file := range run {
		if !slices.Contains(there, file) {
			t.Errorf("there is no %s", file)
		}
	}
}

// Targets and bounds are about what is measured.
func TestTargetsAreMeasured(t *testing.T) {
	r := invented()
	for _, target := range targets {
		if got := r.ratio(target).Spread(); got.Rounds != 3 {
			t.Errorf("%s: %d rounds of 3", target.What, got.Rounds)
		}
		if better := target.Stretch > target.Target; better != target.More {
			t.Errorf("%s: the stretch is the easier bound", target.What)
		}
	}
	for _, bound := range bounds {
		if got := r.of(bound.Of.name, bound.Of.metric).Spread(); got.Rounds != 3 {
			t.Errorf("%s: %d rounds of 3", bound.What, got.Rounds)
		}
	}
}

func TestRatio(t *testing.T) {
	r := &Results{series: map[string]map[string]*stats.Series{
		"a": {p50: {10, 40}}, "b": {p50: {3, 12}}, "c": {p50: {2, 8}},
	}}
	got := r.ratio(Target{Over: []measured{{"a", p50}}, Under: []measured{{"b", p50}, {"c", p50}}})
	if !slices.Equal(got, stats.Series{2, 2}) {
		t.Errorf("%v, want 2 in both rounds", got)
	}
}

func TestMet(t *testing.T) {
	for _, test := range []struct {
		median, target, stretch float64
		more                    bool
		want                    string
	}{
		{1.1, 1.4, 1.15, false, "stretch"}, {1.15, 1.4, 1.15, false, "stretch"}, {1.4, 1.4, 1.15, false, "met"}, {1.41, 1.4, 1.15, false, "missed"},
		{700, 500, 650, true, "stretch"}, {500, 500, 650, true, "met"}, {499, 500, 650, true, "missed"},
	} {
		if got := met(test.median, test.target, test.stretch, test.more); got != test.want {
			t.Errorf("%v of %v and %v: %s, want %s", test.median, test.target, test.stretch, got, test.want)
		}
	}
}

func TestParseReport(t *testing.T) {
	got := parseReport("p50 us\t4.5\nnoise\nops/s\tmany\nKiB\t1e3\n")
	if len(got) != 2 || got["p50 us"] != 4.5 || got["KiB"] != 1000 {
		t.Errorf("%v", got)
	}
}

// A row whose case failed is said to have failed, and every other is there.
func TestMarkdown(t *testing.T) {
	r := invented()
	delete(r.series, "ip")
	r.failures["ip"] = "it took too long"
	text := r.markdown(t.Context())
	for c := range everyCase() {
		if shown := strings.Contains(text, "| "+c.Name+" |"); shown == (c.Name == "ip" || strings.HasPrefix(c.Name, "growth: ")) {
			t.Errorf("%s: a row %v", c.Name, shown)
		}
	}
	if want := "- ip: it took too long\n"; !strings.Contains(text, want) {
		t.Errorf("no %q in\n%s", want, text)
	}
	for _, v := range curves {
		if !strings.Contains(text, v.Why) {
			t.Errorf("no word on %s", v.Title)
		}
	}
}

// The pictures are XML without scripts, whose texts and shapes are inside them,
// also where little or nothing was measured.
func TestPictures(t *testing.T) {
	little := &Results{series: map[string]map[string]*stats.Series{"ip": {p50: {1500}}}}
	for _, r := range []*Results{invented(), little} {
		for _, picture := range []string{r.ladder(), r.growth()} {
			if err := checkPicture(picture); err != nil {
				t.Errorf("%v\n%s", err, picture)
			}
		}
	}
}

func checkPicture(picture string) error {
	d := xml.NewDecoder(strings.NewReader(picture))
	var width, height, right, down float64
	for {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if e.Name.Local == "script" {
			return errors.New("a script")
		}
		for _, a := range e.Attr {
			switch a.Name.Local {
			case "viewBox":
				_, err = fmt.Sscan(a.Value, new(int), new(int), &width, &height)
			case "transform":
				_, err = fmt.Sscanf(a.Value, "translate(%g %g)", &right, &down)
			case "x", "x1", "x2", "cx":
				err = within(a, right, width)
			case "y", "y1", "y2", "cy":
				err = within(a, down, height)
			}
			if err != nil {
				return fmt.Errorf("%s: %s=%q: %w", e.Name.Local, a.Name.Local, a.Value, err)
			}
		}
	}
}

// within checks a coordinate that is moved.
func within(a xml.Attr, by, size float64) error {
	at, err := strconv.ParseFloat(a.Value, 64)
	if err != nil {
		return err
	}
	if at+by < 0 || at+by > size {
		return errors.New("outside the picture")
	}
	return nil
}

// Figures in docs/performance.md name what is measured, and are in the results.
func TestCitations(t *testing.T) {
	text, err := os.ReadFile("../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	results, err := os.ReadFile("RESULTS.md")
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	r := invented()
	links := citation.FindAllStringSubmatch(string(text), -1)
	if len(links) == 0 {
		t.Error("no figures")
	}
	for _, link := range links {
		figure, title := link[1], link[2]
		if known, err := r.figure(title); err != nil || known == "" {
			t.Errorf("%q is not measured: %v", title, err)
		}
		number, _, _ := strings.Cut(figure, " ")
		if results != nil && !strings.Contains(string(results), "| "+number+" ") {
			t.Errorf("%s, of %q, is not in RESULTS.md: make bench puts it right", figure, title)
		}
	}
	if links := strings.Count(string(text), "RESULTS.md \""); links != len(citation.FindAllString(string(text), -1)) {
		t.Error("a figure that is not understood")
	}
}

func TestCite(t *testing.T) {
	file := filepath.Join(t.TempDir(), "page.md")
	const page = "[old](../bench/RESULTS.md \"ip: p50 us\") and [old](../bench/RESULTS.md \"`ip` / the Go library\") and [kept](../bench/RESULTS.md \"sudo ip: p50 us\")\n"
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	r := &Results{series: map[string]map[string]*stats.Series{
		"ip": {p50: {1500, 1400, 1600}}, "helper, Go library": {p50: {15, 14, 16}},
	}}
	if err := r.cite(file); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file)
	want := "[1,500 us](../bench/RESULTS.md \"ip: p50 us\") and [100](../bench/RESULTS.md \"`ip` / the Go library\") and [kept](../bench/RESULTS.md \"sudo ip: p50 us\")\n"
	if err != nil || string(got) != want {
		t.Errorf("%v\ngot  %swant %s", err, got, want)
	}
	if err := os.WriteFile(file, []byte("[x](../bench/RESULTS.md \"no such row: p50 us\")"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.cite(file); err == nil {
		t.Error("an unknown row is cited")
	}
}
