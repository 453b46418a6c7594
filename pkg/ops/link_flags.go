package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"golang.org/x/sys/unix"
)

// linkFlags are the flags of a link in the order of ip(8).
var linkFlags = []bitWord{
	{unix.IFF_LOOPBACK, "LOOPBACK"},
	{unix.IFF_BROADCAST, "BROADCAST"},
	{unix.IFF_POINTOPOINT, "POINTOPOINT"},
	{unix.IFF_MULTICAST, "MULTICAST"},
	{unix.IFF_NOARP, "NOARP"},
	{unix.IFF_ALLMULTI, "ALLMULTI"},
	{unix.IFF_PROMISC, "PROMISC"},
	{unix.IFF_MASTER, "MASTER"},
	{unix.IFF_SLAVE, "SLAVE"},
	{unix.IFF_DEBUG, "DEBUG"},
	{unix.IFF_DYNAMIC, "DYNAMIC"},
	{unix.IFF_AUTOMEDIA, "AUTOMEDIA"},
	{unix.IFF_PORTSEL, "PORTSEL"},
	{unix.IFF_NOTRAILERS, "NOTRAILERS"},
	{unix.IFF_UP, "UP"},
	{unix.IFF_LOWER_UP, "LOWER_UP"},
	{unix.IFF_DORMANT, "DORMANT"},
	{unix.IFF_ECHO, "ECHO"},
}

// flagWords returns the words for flags. NO-CARRIER stands for the absence of
// IFF_RUNNING in a link that is up.
func flagWords(flags uint32) []string {
	words := bitWords(flags&^unix.IFF_RUNNING, linkFlags)
	if flags&unix.IFF_UP != 0 && flags&unix.IFF_RUNNING == 0 {
		return append([]string{"NO-CARRIER"}, words...)
	}
	return words
}

// A flagChange is a change of some flags of a link: ifi_flags and ifi_change. The
// flags lie in the mask, so that no other flag is written. A change of no flag is
// two zeros, which the kernel passes over.
type flagChange struct{ flags, mask uint32 }

// set adds the flag bit to the change if v says so.
func (c *flagChange) set(bit uint32, v *attr.Flag) {
	if v == nil {
		return
	}
	c.mask |= bit
	if *v {
		c.flags |= bit
	}
}

// setLinkUp sets a link up and changes nothing else about it.
func setLinkUp(ns *kernel.Netns, index uint32) error {
	return ns.Do(kernel.NewRequest(unix.RTM_NEWLINK, 0, &rtnetlink.LinkMessage{
		Index:  index,
		Flags:  unix.IFF_UP,
		Change: unix.IFF_UP,
	}))
}
