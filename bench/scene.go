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
	Netns string
	// Fresh is made anew for every round, and removed.
	Fresh bool
	// Routers is how many namespaces there are, called Netns0, Netns1 and so on,
	// where it is not one.
	Routers int
	// Routes and Links are what the namespace has besides.
	Routes, Links int

	made bool
}

var (
	router   = &Scene{Netns: "qrouter-bench"}
	fresh    = &Scene{Netns: "qrouter-fresh", Fresh: true}
	hundredK = &Scene{Netns: "qrouter-100k", Routes: 100_000}
	million  = &Scene{Netns: "qrouter-1m", Routes: 1_000_000}
	thousand = &Scene{Netns: "qrouter-many", Routers: 1000}
)

// enter makes the scene if it is not there.
func (s *Scene) enter(ctx context.Context) error {
	if s == nil || s.made {
		return nil
	}
	for _, name := range s.names() {
		if err := stage.Router(ctx, name); err != nil {
			return err
		}
	}
	if s.Routes > 0 {
		fill := stage.Process{Argv: []string{stage.Dir + "/floor/bulk", strconv.Itoa(s.Routes)}, Netns: s.Netns}
		if _, err := fill.Output(ctx); err != nil {
			return fmt.Errorf("%d routes: %w", s.Routes, err)
		}
	}
	if s.Links > 0 {
		if err := stage.AddLinks(ctx, s.Netns, s.Links); err != nil {
			return err
		}
	}
	s.made = true
	return nil
}

func (s *Scene) names() []string {
	if s.Routers == 0 {
		return []string{s.Netns}
	}
	names := make([]string, s.Routers)
	for i := range names {
		names[i] = s.Netns + strconv.Itoa(i)
	}
	return names
}

// leave removes it if it is not to stay.
func (s *Scene) leave(ctx context.Context) error {
	if s == nil || !s.Fresh {
		return nil
	}
	s.made = false
	return stage.RemoveRouter(ctx, s.Netns)
}
