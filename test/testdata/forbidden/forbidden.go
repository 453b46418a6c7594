package ops

import (
	"nethelper/internal/kernel"

	"golang.org/x/sys/unix"
)

// ForbiddenExec is what a helper would do whose defect lets a caller choose a
// system call. No helper that is shipped has it: TestForbidden builds one.
var ForbiddenExec = define(Op{
	Name:    "forbidden.exec",
	Summary: "execute a program",
}, func(*kernel.Task, struct{}) (Done, error) {
	return Done{}, unix.Exec("/bin/true", []string{"true"}, nil)
})
