package main

import (
	"context"
	"fmt"

	"nethelper/bench/stage"
)

// A Peer is a program that the helper is compared with, of a Debian package.
type Peer struct {
	Package string
	// Version is a command that prints the version, and fails where the peer is not
	// installed.
	Version []string
}

var (
	iproute  = &Peer{"iproute2", []string{"/usr/sbin/ip", "-V"}}
	sudo     = &Peer{"sudo", []string{"/usr/bin/sudo", "-V"}}
	pyroute2 = &Peer{"python3-pyroute2", imports("pyroute2", "pyroute2")}
	rootwrap = &Peer{"python3-oslo.rootwrap", imports("oslo_rootwrap.client", "oslo.rootwrap")}
	privsep  = &Peer{"python3-oslo.privsep", imports("oslo_privsep.priv_context", "oslo.privsep")}
	neutron  = &Peer{"python3-neutron", imports("neutron.privileged.agent.linux.ip_lib", "neutron")}
)

var peers = []*Peer{iproute, sudo, pyroute2, rootwrap, privsep, neutron}

// imports is the command that prints the version of a distribution of Python's
// after importing a module of it.
func imports(module, distribution string) []string {
	return []string{"/usr/bin/python3", "-c",
		fmt.Sprintf("import %s, importlib.metadata as m; print(m.version(%q))", module, distribution)}
}

// version returns the version of a peer that is installed.
func (p *Peer) version(ctx context.Context) (string, error) {
	text, err := stage.Process{Argv: p.Version}.Output(ctx)
	if err != nil {
		return "", fmt.Errorf("%s is not installed: make bench installs it: %w", p.Package, err)
	}
	return firstLine(text), nil
}
