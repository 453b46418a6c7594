package main

import "nethelper/bench/stage"

// A Section is a table of the results.
type Section struct {
	Title string
	Text  string
	// Columns are the metrics that its rows have, as they are reported.
	Columns []string
	Cases   []*Case
}

// A Case is a row: something that is measured once a round, by a process of its
// own.
type Case struct {
	Name string
	// Peer is what it takes beyond the tree; nil for nothing.
	Peer *Peer
	// Scene is where it works.
	Scene *Scene
	// Root runs it as root instead of as a service's user, and Within in the
	// namespace of its scene.
	Root, Within bool
	// Pinned binds all of it to one CPU.
	Pinned bool
	// Policy is the one in force; nil is that of an agent.
	Policy func() string

	// It is either a program with its arguments, of which COUNT and NETNS stand
	// for what they say, or a trial of this one.
	Program []string
	Trial   func(*Trial) error

	// Quick and Full are how many operations a round has, or how large its object
	// is. 0 leaves the case out.
	Quick, Full int
}

// count returns the size of the case in a run.
func (c *Case) count(quick bool) int {
	if quick {
		return c.Quick
	}
	return c.Full
}

// argv is the command of a round.
func (c *Case) argv(n string, netns string) []string {
	if c.Trial != nil {
		return []string{stage.Dir + "/bench", trialWord, c.Name, n, netns}
	}
	argv := make([]string, len(c.Program))
	for i, word := range c.Program {
		switch word {
		case countWord:
			word = n
		case netnsWord:
			word = netns
		}
		argv[i] = word
	}
	return argv
}

const (
	countWord = "COUNT"
	netnsWord = "NETNS"
)

func floor(name string, args ...string) []string {
	return append([]string{stage.Dir + "/floor/" + name, countWord}, args...)
}

func python(script string, args ...string) []string {
	return append([]string{"/usr/bin/python3", stage.Dir + "/peer/" + script, countWord, netnsWord}, args...)
}
