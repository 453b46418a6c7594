package adopt

import "strings"

// A command of ip(8) is an operation, with attributes that its grant needs.
type command struct {
	object, verb string // as ip takes them, with the beginnings that it takes for them
	grant        string
}

// commands are those of ip that have a counterpart. What stands for any value is to
// be made narrower by whoever knows.
var commands = []command{
	{"link", "set", "link.set dev=DEV mtu=* up=*"},
	{"link", "add", "link.add name=DEV kind=*"},
	{"link", "delete", "link.delete dev=DEV"},
	{"address", "add", "addr.add dev=DEV address=DST"},
	{"address", "delete", "addr.delete dev=DEV address=DST"},
	{"route", "add", "route.add dst=DST dev=-,DEV via=-,*"},
	{"route", "replace", "route.replace dst=DST dev=-,DEV via=-,*"},
	{"route", "delete", "route.delete dst=DST dev=-,DEV via=-,*"},
	{"neighbour", "add", "neigh.add dev=DEV dst=DST lladdr=*"},
	{"neighbour", "replace", "neigh.replace dev=DEV dst=DST lladdr=*"},
	{"neighbour", "delete", "neigh.delete dev=DEV dst=DST"},
	{"rule", "add", "rule.add family=* priority=* table=*"},
	{"rule", "delete", "rule.delete family=* priority=* table=*"},
	{"netns", "add", "netns.create name=DEV"},
	{"netns", "delete", "netns.delete name=DEV"},
}

// command proposes a grant for words of an ip command line, in which a star stands
// for anything.
func (a *Adoption) command(who string, words []string) {
	dev, rest := "*", words
	for i, w := range words {
		if w == "dev" && i+1 < len(words) {
			dev = words[i+1]
		}
	}
	if len(rest) < 2 {
		a.observe()
		return
	}
	for _, c := range commands {
		if !strings.HasPrefix(c.object, rest[0]) || !strings.HasPrefix(c.verb, rest[1]) {
			continue
		}
		dst := "*"
		if len(rest) > 2 && rest[2] != "dev" {
			dst = rest[2]
		}
		if c.object == "link" || c.object == "netns" {
			if dev == "*" {
				dev = dst
			}
			dst = "*"
		}
		grant := strings.NewReplacer("DEV", pattern(dev), "DST", pattern(dst)).Replace(c.grant)
		a.grant("%s %s", who, grant)
		return
	}
	a.observe()
}

// pattern is a word of the command line as a pattern, as far as it is one.
func pattern(word string) string {
	if word == "" || strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-*/") != "" ||
		strings.ContainsAny(word, "/:.") && strings.Contains(word, "*") {
		return "*"
	}
	return word
}
