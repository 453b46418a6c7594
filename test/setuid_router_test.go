package test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"nethelper/pkg/protocol"
)

// The demo's router, through the setuid bit: alice, who holds nothing, makes what
// the policy lets her, and bob, whom it does not name, makes nothing.
func TestSetuidRouter(t *testing.T) {
	policy, err := os.ReadFile("../demo/policy")
	if err != nil {
		t.Fatal(err)
	}
	requests, err := os.ReadFile("../demo/requests")
	if err != nil {
		t.Fatal(err)
	}
	m := install(t, strings.ReplaceAll(string(policy), "uid:0 ", "user:alice "))

	before := m.state()
	stranger := m.spawn(launch{person: bob})
	if h := stranger.hello(); h.Error != nil || h.Profile != "none" {
		t.Fatalf("bob: profile %q (%v), want none", h.Profile, h.Error)
	}
	m.each(string(requests), func(call string) { stranger.refused(call, protocol.Denied) })
	if after := m.state(); after != before {
		t.Errorf("bob changed\n%s\nto\n%s", before, after)
	}

	c := m.spawn(launch{person: alice}).greeted()
	m.each(string(requests), c.do)
	m.shows(m.run("ip", "-n", "qrouter-7", "-brief", "address"), "qr-7@", "10.7.0.1/24", "qg-7@", "203.0.113.7/24")
	m.shows(m.run("ip", "-d", "link", "show", "master", "br-int"), "tap-qr-7@")
	m.shows(m.run("ip", "-d", "link", "show", "master", "br-ex"), "tap-qg-7@")
	m.shows(m.run("ip", "-n", "qrouter-7", "-d", "link", "show", "qr-7"), "mtu 1450", "veth", ",UP")
	m.shows(m.run("ip", "-n", "qrouter-7", "route"), "default via 203.0.113.1 dev qg-7 proto static")
	m.shows(m.run("ip", "-n", "qrouter-7", "route", "show", "table", "1007"),
		"10.8.0.0/16 via 10.7.0.2 dev qr-7", "10.9.0.0/16 via 10.7.0.3 dev qr-7")
	m.shows(m.run("ip", "-n", "qrouter-7", "rule"), "32000:\tfrom 10.7.0.0/24 lookup 1007")
	m.shows(m.run("ip", "-n", "qrouter-7", "neigh"),
		"10.7.0.2 dev qr-7 lladdr fa:16:3e:00:00:02 PERMANENT", "10.7.0.3 dev qr-7 lladdr fa:16:3e:00:00:03 PERMANENT")

	before = m.state()
	c.refused("addr.add netns=qrouter-7 dev=qr-7 address=10.7.0.9/8", protocol.Denied)
	c.refused("addr.add netns=qrouter-7 dev=lo address=10.7.0.9/24", protocol.Denied)
	c.refused("link.set netns=qrouter-7 dev=qr-7 lladdr=02:00:00:00:00:01", protocol.Denied)
	c.refused("netns.delete name=other", protocol.Denied)
	if after := m.state(); after != before {
		t.Errorf("what was denied changed\n%s\nto\n%s", before, after)
	}
	c.do("netns.delete name=qrouter-7")
	if names := m.run("ip", "netns", "list"); names != "" {
		t.Errorf("left behind: %s", names)
	}
}

// each calls do with every request of a file of them.
func (m *machine) each(requests string, do func(call string)) {
	m.Helper()
	for line := range strings.Lines(requests) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			do(line)
		}
	}
}

// shows fails unless the text has all the words in it.
func (m *machine) shows(text string, words ...string) {
	m.Helper()
	for _, w := range words {
		if !strings.Contains(text, w) {
			m.Errorf("no %q in\n%s", w, text)
		}
	}
}

// state returns all that the kernel has to say of links, addresses, routes,
// rules and neighbours, here and in the named namespaces.
func (m *machine) state() string {
	m.Helper()
	all := m.run("ip", "netns", "list")
	for _, object := range []string{"address", "rule", "neigh"} {
		all += m.run("ip", object) + m.run("ip", "-all", "netns", "exec", "ip", object)
	}
	all += m.run("ip", "route", "show", "table", "all")
	all += m.run("ip", "-all", "netns", "exec", "ip", "route", "show", "table", "all")
	return settling.ReplaceAllString(all, "")
}

// settling is what the kernel finds out by and by about a new link or address.
var settling = regexp.MustCompile(`<[^>]*>| state [A-Z]+| qdisc [a-z]+| linkdown| tentative`)
