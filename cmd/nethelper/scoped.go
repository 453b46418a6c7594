package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"nethelper/internal/channel"
	"nethelper/internal/privilege"
	"nethelper/internal/quota"
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
	var log, lock int
	if err := privilege.OverrideFiles(func() error {
		if err := made(cmp.Or(p.AuditFile(), defaultAudit)); err != nil {
			return fmt.Errorf("audit file: %w", err)
		}
		if log, err = openAudit(p.AuditFile(), trust.Root()); err != nil {
			return err
		}
		if err := made(quota.Path(cmp.Or(p.AuditFile(), defaultAudit))); err != nil && p.Counts() {
			return fmt.Errorf("lock for quotas: %w", err)
		}
		lock, err = openLock(p, p.AuditFile(), trust.Root())
		return err
	}); err != nil {
		return err
	}
	return privilege.Scope(p.Need(), privilege.Handover{Caller: caller, Audit: log, Slot: privilege.NoSlot, Quota: lock, Policy: p.Hex(), Repaired: repaired})
}

// made says what is wrong if a file is not there that this process is to open: one
// that it made would belong to its caller.
func made(path string) error {
	_, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s is not there, and only root can make it: install -m 640 /dev/null %s", path, path)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s cannot be opened: give the helper's file cap_dac_override, which it uses for nothing else", path)
	}
	return nil
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
	if err := asBefore(told, p); err != nil {
		return nil, err
	}
	if err := privilege.Reduce(p.Need()); err != nil {
		return nil, err
	}
	return begin(c, caller, p, files{told.Audit, told.Quota}, told.Repaired)
}
