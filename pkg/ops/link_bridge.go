package ops

import (
	"encoding/binary"
	"fmt"

	"nethelper/pkg/attr"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// A Bridge is what a link of kind bridge has beside what all links have.
type Bridge struct {
	BridgeOptions
	ID                     string     `cbor:"bridge_id" help:"priority and address that identify the bridge"`
	RootID                 string     `cbor:"root_id" help:"those of the root"`
	RootPort               uint16     `cbor:"root_port" help:"number of the port towards the root, or 0"`
	RootPathCost           uint32     `cbor:"root_path_cost" help:"cost of the path to the root"`
	TopologyChange         attr.Flag  `cbor:"topology_change" help:"whether the topology is changing"`
	TopologyChangeDetected attr.Flag  `cbor:"topology_change_detected" help:"whether this bridge has seen it change"`
	FDBLearned             attr.Limit `cbor:"fdb_n_learned" help:"how many addresses are learnt"`
}

// decode reads the current attribute if it is no option.
func (b *Bridge) decode(ad *netlink.AttributeDecoder) {
	switch ad.Type() {
	case unix.IFLA_BR_BRIDGE_ID:
		b.ID = bridgeID(ad)
	case unix.IFLA_BR_ROOT_ID:
		b.RootID = bridgeID(ad)
	case unix.IFLA_BR_ROOT_PORT:
		b.RootPort = ad.Uint16()
	case unix.IFLA_BR_ROOT_PATH_COST:
		b.RootPathCost = ad.Uint32()
	case unix.IFLA_BR_TOPOLOGY_CHANGE:
		b.TopologyChange = ad.Uint8() != 0
	case unix.IFLA_BR_TOPOLOGY_CHANGE_DETECTED:
		b.TopologyChangeDetected = ad.Uint8() != 0
	case unix.IFLA_BR_FDB_N_LEARNED:
		b.FDBLearned = attr.Limit(ad.Uint32())
	}
}

// bridgeID reads a structure of a priority and an Ethernet address
// (ifla_bridge_id), which is written 8000.fa:16:3e:00:00:01.
func bridgeID(ad *netlink.AttributeDecoder) string {
	b := exactBytes(ad, 8)
	return fmt.Sprintf("%04x.%s", binary.BigEndian.Uint16(b), attr.LLAddrFrom(b[2:]))
}
