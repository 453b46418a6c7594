// Bench measures what the helper costs, side by side with the peers it replaces
// and with the floors below it, and how its cost grows.
//
//	bench [-quick] [-rounds N] [-case REGEXP] [-write]
//
// It runs as root from the top of the tree, after `make bench` has built it, in
// namespaces of its own, of which nothing is left. Everything is run once a round,
// one after the other, so that a machine that is slow for a while is slow for all;
// what is claimed is the median of ratios paired round by round. With -write the
// results go to bench/RESULTS.md, two pictures beside it, and the figures that
// docs/performance.md cites.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
	"syscall"

	"nethelper/bench/stage"
)

// options are those of a run.
type options struct {
	quick  bool
	rounds int
	cases  *regexp.Regexp
	write  bool
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == trialWord {
		exit(runTrial(os.Args[2:]))
	}
	var o options
	flag.BoolVar(&o.quick, "quick", false, "about a minute, without the peers in Python and how cost grows")
	flag.IntVar(&o.rounds, "rounds", 0, "how many rounds: by default 7, or 3 if quick")
	pattern := flag.String("case", "", "measure the cases whose names match the `regexp`")
	flag.BoolVar(&o.write, "write", false, "write the results into the tree")
	flag.Parse()
	if flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	var err error
	if o.cases, err = regexp.Compile(*pattern); err != nil {
		exit(err)
	}
	if o.rounds == 0 {
		o.rounds = 7
		if o.quick {
			o.rounds = 3
		}
	}
	if !stage.Inside() {
		code, err := stage.Enter()
		if err != nil {
			exit(err)
		}
		os.Exit(code)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	exit(conduct(ctx, o))
}

// exit ends the program.
func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}
