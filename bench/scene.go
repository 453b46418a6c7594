package main

import (
	"context"
	"fmt"
	"strconv"

	"nethelper/bench/stage"
)

// A Scene is the namespaces that cases work in. It is made when the first case
// needs it, and stays.
type Scene struct {
	Netns string // the name of the first
	// Fresh is made anew for every round, and removed.
	Fresh bool
	// Routes are what the namespace has besides.
	Routes int

	made bool
}

var (
	router   = &Scene{Netns: "qrouter-bench"}
	fresh    = &Scene{Netns: "qrouter-fresh", Fresh: true}
	hundredK = &Scene{Netns: "qrouter-100k", Routes: 100_000}
	million  = &Scene{Netns: "qrouter-1m", Routes: 1_000_000}
)

// enter makes the scene if it is not there.
func (s *Scene) enter(ctx context.Context) error {
	if s == nil || s.made {
		return nil
	}
	if err := stage.Router(ctx, s.Netns); err != nil {
		return err
	}
	if s.Routes > 0 {
		fill := stage.Process{Argv: []string{stage.Dir + "/floor/bulk", strconv.Itoa(s.Routes)}, Netns: s.Netns}
		if _, err := fill.Output(ctx); err != nil {
			return fmt.Errorf("%d routes: %w", s.Routes, err)
		}
	}
	s.made = true
	return nil
}

// leave removes it if it is not to stay.
func (s *Scene) leave(ctx context.Context) error {
	if s == nil || !s.Fresh {
		return nil
	}
	s.made = false
	return stage.RemoveRouter(ctx, s.Netns)
}
