package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"

	"nethelper/internal/audit"
	"nethelper/internal/channel"
	"nethelper/internal/kernel"
	"nethelper/internal/landlock"
	"nethelper/internal/privilege"
	"nethelper/internal/seccomp"
	"nethelper/internal/serve"
	"nethelper/internal/slots"
	"nethelper/internal/trust"
	"nethelper/policy"

	"golang.org/x/sys/unix"
)

// defaultAudit is where records go if the policy names no file.
const defaultAudit = "/var/log/nethelper/audit.log"

// installed is the policy of every helper that gained privilege.
func installed() serve.Files {
	return serve.Files{Path: policy.Path, DropIns: policy.DropInDir, Owners: trust.Root()}
}

// start makes a session of whatever the process came to hold. An error says in a
// sentence why there is none, and what mends it.
func start(c *channel.Channel) (*serve.Session, error) {
	if err := seccomp.Supported(); err != nil {
		return nil, err
	}
	origin, err := privilege.OriginOf()
	if err != nil {
		return nil, err
	}
	switch origin {
	case privilege.Elevated:
		return nil, shed()
	case privilege.Settled:
		return settle(c)
	}
	return reduce(c)
}

// shed is stage 0. It comes back only with an error.
func shed() error {
	repaired, err := privilege.Repair()
	if err != nil {
		return err
	}
	if len(os.Args) != 1 || os.Args[0] == "" {
		return errors.New("a helper that gained privilege takes no arguments: its policy is " + policy.Path)
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
	slot, err := slots.Take(caller.UID)
	if err != nil {
		return err
	}
	return privilege.Shed(p.Need(), user, privilege.Handover{Caller: caller, Audit: log, Slot: slot, Repaired: repaired})
}

// settle is stage 1. It trusts stage 0 with who called and with the audit log,
// and reads the policy for itself.
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
	if err := privilege.Settle(p.Need()); err != nil {
		return nil, err
	}
	return begin(c, told.Caller, p, told.Audit, told.Repaired)
}

// reduce starts a helper that acts with its caller's own power, which may choose
// the policy and the audit file.
func reduce(c *channel.Channel) (*serve.Session, error) {
	args, err := parseArguments(os.Args[1:])
	if err != nil {
		return nil, err
	}
	holds, err := privilege.Held()
	if err != nil {
		return nil, err
	}
	if holds == 0 && args == (arguments{}) {
		return nil, privilege.Obstacle()
	}
	inside, err := privilege.InUserNamespace()
	if err != nil {
		return nil, err
	}
	repaired, err := privilege.Repair()
	if err != nil {
		return nil, err
	}
	caller, err := privilege.CallerOf()
	if err != nil {
		return nil, err
	}
	files := installed()
	files.Owners, files.Open = trust.Own(uint32(os.Geteuid()), inside), true
	if args.policy != "" {
		files.Path, files.DropIns = args.policy, ""
	}
	p, err := serve.Load(files, caller)
	if err != nil {
		return nil, err
	}
	log := stderr
	if args.audit != "-" {
		if log, err = openAudit(cmp.Or(args.audit, p.AuditFile()), files.Owners); err != nil {
			return nil, err
		}
	}
	if err := privilege.Reduce(p.Need()); err != nil {
		return nil, err
	}
	return begin(c, caller, p, log, repaired)
}

// stderr is where records go that are asked for with --audit -.
const stderr = 2

// openAudit opens the audit file.
func openAudit(path string, owners trust.Owners) (int, error) {
	fd, err := owners.Append(cmp.Or(path, defaultAudit))
	if err != nil {
		return -1, fmt.Errorf("audit file: %w", err)
	}
	return fd, nil
}

// begin confines the process, records that the helper serves, and greets the
// caller.
func begin(c *channel.Channel, caller privilege.Caller, p *serve.Policy, log int, repaired []string) (*serve.Session, error) {
	k, err := kernel.New()
	if err != nil {
		return nil, err
	}
	domain, err := confine(p)
	if err != nil {
		return nil, err
	}
	s := &serve.Session{
		Channel: c, Policy: p, Kernel: k,
		Log: audit.New(log, audit.Record{Helper: os.Getpid(), UID: caller.UID, GID: caller.GID, PID: caller.PID}),
	}
	if err := s.Log.Write(audit.Record{
		Event: audit.Start, Groups: caller.Groups, Build: build(), Profile: p.Need().Profile(), Landlock: domain, Policy: p.Hex(), Repaired: repaired,
	}); err != nil {
		return nil, err
	}
	return s, greet(c, p)
}

// confine leaves the process the system calls of its profile, and what it reads
// again of the file system. What has to be opened otherwise is open by now. It
// returns the version of Landlock, or 0.
//
// There is no Landlock domain where namespaces are made, which takes mounts, nor
// where processes are listed, of which it hides those outside.
func confine(p *serve.Policy) (domain int, err error) {
	need := p.Need()
	if !need.Root && need.Caps.Without(namespaces) == 0 {
		netns := kernel.NetnsDir
		if _, err := os.Stat(netns); errors.Is(err, fs.ErrNotExist) {
			netns = path.Dir(netns) // it may come yet
		}
		if domain, err = landlock.Restrict(append(p.Dirs(), netns)...); err != nil {
			return 0, err
		}
	}
	profile, err := seccomp.ProfileNamed(need.Profile())
	if err != nil {
		return 0, err
	}
	return domain, seccomp.Install(profile)
}

// namespaces is what it takes to act in namespaces.
const namespaces = privilege.Caps(1)<<unix.CAP_NET_ADMIN | privilege.Caps(1)<<unix.CAP_SYS_ADMIN
