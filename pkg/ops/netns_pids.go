package ops

import (
	"errors"

	"nethelper/internal/kernel"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// NetNSPIDs lists the processes in a network namespace.
var NetNSPIDs = defineList(Op{
	Name:    "netns.pids",
	Summary: "list the processes in a network namespace",
	Doc: "A process counts if its main thread is in the namespace. Its id is that in the helper's own process namespace. " +
		"With if_absent=ok a namespace that is not there has no processes. (ip-netns(8), proc(5))",
	Caps:    []Cap{SysPtrace},
	Outside: true,
}, func(t *kernel.Task, p NetNSPIDsParams, emit func(*Process) error) error {
	err := t.EachPID("name", p.Name, func(pid uint32) error { return emit(&Process{PID: pid}) })
	if errors.Is(err, unix.ENOENT) && value(p.IfAbsent) == attr.OK {
		return nil
	}
	return err
})

// NetNSPIDsParams is what netns.pids takes.
type NetNSPIDsParams struct {
	Name     attr.NetNS      `cbor:"name" help:"name of the namespace, or . for the helper's own"`
	IfAbsent *attr.Tolerance `cbor:"if_absent,omitempty" help:"ok makes it no error if the namespace is not there"`
}

// A Process is a running program.
type Process struct {
	PID uint32 `cbor:"pid" help:"process id"`
}
