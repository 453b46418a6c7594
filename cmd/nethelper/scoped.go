package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"nethelper/internal/channel"
	"nethelper/internal/privilege"
	"nethelper/internal/serve"
	"nethelper/internal/trust"
)

// scope is stage 0 of a helper whose file has capabilities. It comes back only
// with an error.
//
// There is no slot to take: the helper stays a process of its caller's, whose
// RLIMIT_NPROC counts it.
func scope() error {
	repaired, err := privilege.Repair()
	if err != nil {
		return err
	}
	if err := noArguments(); err != nil {
		return err
	}
	if err := privilege.Outside(); err != nil {
		return err
	}
	caller, err := privilege.CallerOf()
	if err != nil {
		return err
	}
	p, err := serve.Load(installed(), caller)
	if err != nil {
		return err
	}
	log := -1
	if err := privilege.OverrideFiles(func() error {
		log, err = openMadeAudit(p.AuditFile())
		return err
	}); err != nil {
		return err
	}
	return privilege.Scope(p.Need(), privilege.Handover{Caller: caller, Audit: log, Slot: privilege.NoSlot, Repaired: repaired})
}

// openMadeAudit opens the audit file, which has to be there: one that this process
// made would belong to its caller.
func openMadeAudit(path string) (int, error) {
	path = cmp.Or(path, defaultAudit)
	_, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return -1, fmt.Errorf("audit file: %s is not there, and only root can make it: install -m 640 /dev/null %s", path, path)
	case errors.Is(err, fs.ErrPermission):
		return -1, fmt.Errorf("audit file: %s cannot be opened: give the helper's file cap_dac_override, which it uses for nothing else", path)
	}
	return openAudit(path, trust.Root())
}

// resume is stage 1 of a helper whose file has capabilities. Whoever claims to
// have been stage 0 holds what the helper holds, so nothing is at stake; who the
// caller is and what the policy says is asked again all the same.
func resume(c *channel.Channel) (*serve.Session, error) {
	told, err := privilege.Receive()
	if err != nil {
		return nil, err
	}
	if _, err := privilege.Repair(); err != nil {
		return nil, err
	}
	caller, err := privilege.CallerOf()
	if err != nil {
		return nil, err
	}
	p, err := serve.Load(installed(), caller)
	if err != nil {
		return nil, err
	}
	if err := privilege.Reduce(p.Need()); err != nil {
		return nil, err
	}
	return begin(c, caller, p, told.Audit, told.Repaired)
}
