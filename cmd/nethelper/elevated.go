package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"nethelper/internal/channel"
	"nethelper/internal/privilege"
	"nethelper/internal/serve"
	"nethelper/internal/slots"
	"nethelper/internal/trust"
)

// shed is stage 0. It comes back only with an error.
func shed() error {
	repaired, err := privilege.Repair()
	if err != nil {
		return err
	}
	if err := noArguments(); err != nil {
		return err
	}
	if os.Geteuid() != 0 {
		return privilege.Obstacle()
	}
	caller, err := privilege.CallerOf()
	if err != nil {
		return err
	}
	user, err := privilege.DedicatedUser()
	if err != nil {
		return err
	}
	if caller.UID == user.UID {
		return fmt.Errorf("the user %s is the helper's own and cannot be its caller: run the caller as another user", privilege.UserName)
	}
	p, err := serve.Load(installed(), caller)
	if err != nil {
		return err
	}
	log, err := openAudit(p.AuditFile(), trust.Root())
	if err != nil {
		return err
	}
	lock, err := openLock(p, p.AuditFile(), trust.Root())
	if err != nil {
		return err
	}
	slot, err := slots.Take(caller.UID, p.CallerLimits().Helpers)
	if err != nil {
		return err
	}
	return privilege.Shed(p.Need(), user, privilege.Handover{Caller: caller, Audit: log, Slot: slot, Quota: lock, Policy: p.Hex(), Repaired: repaired})
}

// settle is stage 1. It trusts stage 0 with who called and with the files that it has
// opened, and reads the policy for itself, which has to be the one they were opened by.
func settle(c *channel.Channel) (*serve.Session, error) {
	told, err := privilege.Receive()
	if err != nil {
		return nil, err
	}
	p, err := serve.Load(installed(), told.Caller)
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("%w for the user %s, which the helper becomes: chgrp %s and chmod g+r", err, privilege.UserName, privilege.UserName)
	}
	if err != nil {
		return nil, err
	}
	if err := asBefore(told, p); err != nil {
		return nil, err
	}
	if err := privilege.Settle(p.Need()); err != nil {
		return nil, err
	}
	return begin(c, told.Caller, p, files{told.Audit, told.Quota}, told.Repaired)
}
