package main

import (
	"fmt"
	"runtime/debug"

	"nethelper/pkg/protocol"
)

// version is set when a release is linked.
var version string

// version prints the versions of this command and of the protocol.
func (c *ctl) version(args []string) error {
	if len(args) > 0 {
		return usageErrorf("version takes no arguments")
	}
	build := version
	if info, ok := debug.ReadBuildInfo(); build == "" && ok {
		build = info.Main.Version
	}
	_, err := fmt.Fprintf(c.stdout, "nethelperctl %s, protocol %d\n", build, protocol.Version)
	return err
}
