package main

import (
	"fmt"
	"iter"

	"nethelper/bench/stats"
)

// A Curve is how the rate of route.replace changes with the number of something.
type Curve struct {
	Title string
	Of    string // what there are more of
	// Why says what the shape comes from.
	Why    string
	Points []int
	Case   func(n int) Case

	made []*Case
}

var (
	upTo64     = []int{1, 4, 16, 64}
	upTo10000  = []int{1, 10, 100, 1000, 10_000}
	namespaces = []int{1, 10, 64, 100, 1000}
)

// curves is how cost grows. They are no part of a quick run.
var curves = []*Curve{
	{
		Title: "Grants", Of: "grants of the operation, the last of which applies",
		Why:    "The policy is parsed when the helper starts; what is left for a request is to find the grant.",
		Points: upTo10000,
		Case: func(n int) Case {
			return Case{Scene: router, Policy: grants(n), Trial: oneCaller, Full: 3000}
		},
	},
	{
		Title: "Links", Of: "links in the namespace",
		Why:    "The kernel finds a link by its name or index in a hash table, and the helper asks for no list of them. Only where the link of a route has no address does the kernel look through all of them, for one to send from.",
		Points: upTo10000[1:],
		Case: func(n int) Case {
			return Case{Scene: &Scene{Netns: fmt.Sprintf("qrouter-links%d", n), Links: n}, Trial: oneCaller, Full: 3000}
		},
	},
	{
		Title: "Namespaces", Of: "namespaces, each asked for in turn",
		Why:    "The helper keeps the sockets of as many namespaces as it has room for; beyond that each request in turn opens one anew, by entering the namespace.",
		Points: namespaces,
		Case: func(n int) Case {
			return Case{Scene: thousand, Trial: inTurn(n), Full: 3000}
		},
	},
	{
		Title: "Callers", Of: "callers of one helper",
		Why:    "What arrives together is judged, recorded, sent and answered together, so that a wake-up is shared by more and more requests until the kernel's part is all that is left.",
		Points: upTo64,
		Case: func(n int) Case {
			return Case{Scene: router, Trial: callers(n), Full: 20_000}
		},
	},
	{
		Title: "Helpers", Of: "helpers with one caller each",
		Why:    "Helpers share the processors and the kernel's routing lock, which lets one change at a time through. With one request at a time each, nothing is handled together, and where there are more helpers than processors each has to be woken for each request.",
		Points: upTo64,
		Case: func(n int) Case {
			return Case{Scene: router, Root: true, Trial: helpers(n), Full: 10_000}
		},
	},
}

// rate is the metric of a curve.
const rate = "ops/s"

// name is that of the case of a point.
func (v *Curve) name(n int) string {
	return fmt.Sprintf("growth: %s %s", stats.Format(float64(n)), v.Of)
}

// cases are those of the points. A scene is made once, so they are too.
func (v *Curve) cases() []*Case {
	if v.made == nil {
		for _, n := range v.Points {
			c := v.Case(n)
			c.Name = v.name(n)
			v.made = append(v.made, &c)
		}
	}
	return v.made
}

// everyCase yields the rows of the sections and the points of the curves.
func everyCase() iter.Seq[*Case] {
	return func(yield func(*Case) bool) {
		for _, s := range sections {
			for _, c := range s.Cases {
				if !yield(c) {
					return
				}
			}
		}
		for _, v := range curves {
			for _, c := range v.cases() {
				if !yield(c) {
					return
				}
			}
		}
	}
}
