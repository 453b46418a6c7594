package main

import (
	"cmp"
	"os"
	"runtime"

	"nethelper/internal/channel"
	"nethelper/internal/privilege"
	"nethelper/internal/quota"
	"nethelper/internal/serve"
	"nethelper/internal/trust"
)

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
	from := installed()
	from.Owners, from.Open = trust.Own(uint32(os.Geteuid()), inside), true
	if args.policy != "" {
		from.Path, from.DropIns = args.policy, ""
	}
	p, err := serve.Load(from, caller)
	if err != nil {
		return nil, err
	}
	kept := files{audit: stderr, quota: quota.Alone}
	if args.audit != "-" {
		path := cmp.Or(args.audit, p.AuditFile())
		if kept.audit, err = openAudit(path, from.Owners); err != nil {
			return nil, err
		}
		if kept.quota, err = openLock(p, path, from.Owners); err != nil {
			return nil, err
		}
	}
	if err := privilege.Reduce(p.Need()); err != nil {
		return nil, err
	}
	runtime.GOMAXPROCS(1) // as it is for a helper that gained privilege
	return begin(c, caller, p, kept, repaired)
}

// stderr is where records go that are asked for with --audit -.
const stderr = 2
