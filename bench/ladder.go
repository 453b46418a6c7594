package main

import (
	"encoding/xml"
	"fmt"
	"math"
	"strings"

	"nethelper/bench/stats"
)

// The picture, in units of its own.
const (
	ladderWidth = 900
	labelWidth  = 300
	rowHeight   = 28
	topMargin   = 56
)

// ladder is a picture of what one route.replace costs, on a logarithmic scale from
// the floor to the peers (SVG 1.1, without scripts).
func (r *Results) ladder() string {
	type rung struct {
		name string
		us   float64
	}
	var rungs []rung
	least, most := math.Inf(1), 0.0
	for _, c := range sections[0].Cases {
		if s := r.of(c.Name, p50).Spread(); s.Rounds > 0 {
			rungs = append(rungs, rung{c.Name, s.Median})
			least, most = min(least, s.Median), max(most, s.Median)
		}
	}
	low, high := math.Floor(math.Log10(least)), math.Ceil(math.Log10(most))
	x := func(us float64) float64 {
		return labelWidth + (math.Log10(us)-low)/max(high-low, 1)*(ladderWidth-labelWidth-90)
	}
	height := topMargin + rowHeight*len(rungs) + 20
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="14">`+"\n", ladderWidth, height)
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="white"/>`+"\n", ladderWidth, height)
	b.WriteString(`<text x="10" y="22" font-size="16">One route.replace, median, microseconds (logarithmic)</text>` + "\n")
	for decade := low; decade <= high; decade++ {
		at := x(math.Pow(10, decade))
		fmt.Fprintf(&b, `<line x1="%.1f" y1="%d" x2="%.1f" y2="%d" stroke="#ddd"/><text x="%.1f" y="%d" text-anchor="middle" fill="#666">%s</text>`+"\n",
			at, topMargin-6, at, height-10, at, topMargin-12, stats.Format(math.Pow(10, decade)))
	}
	for i, g := range rungs {
		y := topMargin + i*rowHeight
		fill := "#9aa5b1"
		if strings.HasPrefix(g.name, "helper") {
			fill = "#2b6cb0"
		}
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end">%s</text>`, labelWidth-10, y+16, escape(g.name))
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%.1f" height="18" fill="%s"/>`, labelWidth, y+2, max(x(g.us)-labelWidth, 1), fill)
		fmt.Fprintf(&b, `<text x="%.1f" y="%d">%s</text>`+"\n", x(g.us)+8, y+16, stats.Format(g.us))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func escape(text string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(text)); err != nil {
		return ""
	}
	return b.String()
}
