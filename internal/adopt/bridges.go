package adopt

import (
	"strconv"
	"strings"
)

// readUsernet reads USER TYPE BRIDGE COUNT. A user with @ before it is a group.
func readUsernet(line string, to *Adoption) {
	words := strings.Fields(line)
	if len(words) != 4 {
		to.Really, to.Lacking = "nothing: lxc-user-nic passes over it", "want USER TYPE BRIDGE COUNT"
		return
	}
	who, kind, bridge, count := words[0], words[1], words[2], words[3]
	principal := "user:" + who
	if group, isGroup := strings.CutPrefix(who, "@"); isGroup {
		principal = "group:" + group
	}
	most, err := strconv.ParseUint(count, 10, 32)
	if err != nil || kind != "veth" {
		to.Really, to.Lacking = "nothing: lxc-user-nic passes over it", "want veth and a number"
		return
	}
	if most == 0 {
		to.Really = "nothing"
		return
	}
	if bridge == "none" {
		to.Really = "up to " + count + " pairs of links, one end of which anybody can use"
		to.grant("%s link.add kind=veth name=veth* peer.name=* max=%d", principal, most)
		return
	}
	to.Really = "up to " + count + " links on " + bridge + ", with names that lxc-user-nic chooses, whose other ends go to namespaces of the user's"
	to.Lacking = "namespaces by process: name the namespaces; here all users of a grant share its number"
	to.grant("%s link.add kind=veth name=veth* master=%s up=* peer.name=eth* peer.netns=%s-* max=%d", principal, bridge, strings.TrimPrefix(who, "@"), most)
	to.grant("%s link.delete dev=veth*", principal)
}

// readBridgeConf reads allow BRIDGE, deny BRIDGE, allow all, deny all and include
// FILE.
func readBridgeConf(line string, to *Adoption) {
	words := strings.Fields(line)
	switch {
	case len(words) != 2:
		to.Really, to.Lacking = "nothing: qemu-bridge-helper refuses to start", "the line cannot be read"
	case words[0] == "include":
		to.Really, to.Lacking = "what is in "+words[1], "read that file too"
	case words[0] == "deny":
		to.Really = "no tap link on " + words[1] + ", whatever else is allowed"
		to.Lacking = "there is nothing to deny: what no grant covers is denied"
	case words[0] == "allow" && words[1] == "all":
		to.Really = "a tap link on every bridge of the machine, to everybody who may execute the helper"
		to.Lacking = "tap links are made by whoever opens /dev/net/tun: here one is put on a bridge"
		to.grant("group:kvm link.set dev=tap* master=*")
	case words[0] == "allow":
		to.Really = "a tap link on " + words[1] + ", to everybody who may execute the helper"
		to.Lacking = "tap links are made by whoever opens /dev/net/tun: here one is put on a bridge"
		to.grant("group:kvm link.set dev=tap* master=%s up=*", words[1])
	default:
		to.Really, to.Lacking = "nothing: qemu-bridge-helper refuses to start", "want allow, deny or include"
	}
}
