package main

import (
	"fmt"
	"math"
	"strings"

	"nethelper/bench/stats"
)

// The picture of the curves: panels side by side, in units of its own.
const (
	panelWidth  = 300
	panelHeight = 230
	panelsARow  = 3
	plotLeft    = 60
	plotTop     = 44
	plotWidth   = panelWidth - plotLeft - 20
	plotHeight  = panelHeight - plotTop - 44
)

// growth is a picture of all curves, on logarithmic scales, of which the upright
// one is the same for all (SVG 1.1, without scripts).
func (r *Results) growth() string {
	low, high := r.decades()
	rows := (len(curves) + panelsARow - 1) / panelsARow
	width, height := panelWidth*panelsARow, panelHeight*rows
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">`+"\n", width, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="white"/>`+"\n", width, height)
	for i, v := range curves {
		fmt.Fprintf(&b, `<g transform="translate(%d %d)">`+"\n", i%panelsARow*panelWidth, i/panelsARow*panelHeight)
		r.panel(&b, v, low, high)
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// decades are the powers of ten between which all rates lie.
func (r *Results) decades() (low, high float64) {
	least, most := math.Inf(1), 0.0
	for _, v := range curves {
		for _, n := range v.Points {
			if s := r.of(v.name(n), rate).Spread(); s.Rounds > 0 {
				least, most = min(least, s.Min), max(most, s.Max)
			}
		}
	}
	if most == 0 {
		return 0, 1
	}
	low = math.Floor(math.Log10(least))
	return low, max(math.Ceil(math.Log10(most)), low+1)
}

func (r *Results) panel(b *strings.Builder, v *Curve, low, high float64) {
	last := math.Log10(float64(v.Points[len(v.Points)-1]))
	first := math.Log10(float64(v.Points[0]))
	x := func(n int) float64 {
		return plotLeft + (math.Log10(float64(n))-first)/(last-first)*plotWidth
	}
	y := func(rate float64) float64 {
		return plotTop + (high-math.Log10(rate))/(high-low)*plotHeight
	}
	fmt.Fprintf(b, `<text x="%d" y="18" font-size="15">%s</text><text x="%d" y="34" fill="#666">requests a second</text>`+"\n",
		plotLeft, escape(v.Title), plotLeft)
	for decade := low; decade <= high; decade++ {
		at := y(math.Pow(10, decade))
		fmt.Fprintf(b, `<line x1="%d" y1="%.1f" x2="%d" y2="%.1f" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end" fill="#666">%s</text>`+"\n",
			plotLeft, at, plotLeft+plotWidth, at, plotLeft-6, at+4, stats.Format(math.Pow(10, decade)))
	}
	var line []string
	for _, n := range v.Points {
		fmt.Fprintf(b, `<text x="%.1f" y="%d" text-anchor="middle" fill="#666">%s</text>`+"\n", x(n), plotTop+plotHeight+18, stats.Format(float64(n)))
		s := r.of(v.name(n), rate).Spread()
		if s.Rounds == 0 {
			continue
		}
		line = append(line, fmt.Sprintf("%.1f,%.1f", x(n), y(s.Median)))
		fmt.Fprintf(b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#90b4dc" stroke-width="5"/><circle cx="%.1f" cy="%.1f" r="3" fill="#2b6cb0"/>`+"\n",
			x(n), y(s.Min), x(n), y(s.Max), x(n), y(s.Median))
	}
	fmt.Fprintf(b, `<polyline points="%s" fill="none" stroke="#2b6cb0"/>`+"\n", strings.Join(line, " "))
}

// writeCurves is the part of RESULTS.md that tells the curves.
func (r *Results) writeCurves(b *strings.Builder) {
	b.WriteString("## How cost grows\n\nOne route.replace after the other, by each caller; requests a second.\n\n![how cost grows](growth.svg)\n\n")
	for _, v := range curves {
		fmt.Fprintf(b, "**%s.** %s\n\n| %s | requests/s |\n| --- | --- |\n", v.Title, v.Why, v.Of)
		for _, n := range v.Points {
			fmt.Fprintf(b, "| %s | %s |\n", stats.Format(float64(n)), r.of(v.name(n), rate).Spread())
		}
		b.WriteString("\n")
	}
}
