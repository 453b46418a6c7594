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
	"nethelper/internal/quota"
	"nethelper/internal/seccomp"
	"nethelper/internal/serve"
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
	case privilege.Scoped:
		return nil, scope()
	case privilege.Resumed:
		return resume(c)
	}
	return reduce(c)
}

// openAudit opens the audit file.
func openAudit(path string, owners trust.Owners) (int, error) {
	fd, err := owners.Append(cmp.Or(path, defaultAudit))
	if err != nil {
		return -1, fmt.Errorf("audit file: %w", err)
	}
	return fd, nil
}

// openLock opens the lock for quotas, if the caller has one.
func openLock(p *serve.Policy, log string, owners trust.Owners) (int, error) {
	if !p.Counts() {
		return quota.Alone, nil
	}
	return quota.Open(cmp.Or(log, defaultAudit), owners)
}

// asBefore refuses a policy that is not the one by which stage 0 opened the audit log
// and the lock for quotas. The caller can hold a helper up between the two stages for as
// long as it likes.
func asBefore(told privilege.Handover, p *serve.Policy) error {
	if told.Policy != p.Hex() || p.Counts() && told.Quota == privilege.NoLock {
		return errors.New("the policy changed while the helper started: start it again")
	}
	return nil
}

// files are what a helper opens before it sheds privilege, and keeps.
type files struct{ audit, quota int }

// begin confines the process, records that the helper serves, and greets the
// caller.
func begin(c *channel.Channel, caller privilege.Caller, p *serve.Policy, kept files, repaired []string) (*serve.Session, error) {
	if err := privilege.LimitMemory(p.CallerLimits().Memory); err != nil {
		return nil, err
	}
	k, err := kernel.New()
	if err != nil {
		return nil, err
	}
	domain, err := confine(p)
	if err != nil {
		return nil, err
	}
	s := &serve.Session{
		Channel: c, Policy: p, Kernel: k, Quota: quota.New(kept.quota),
		Log: audit.New(kept.audit, audit.Record{Helper: os.Getpid(), UID: caller.UID, GID: caller.GID, PID: caller.PID}),
	}
	notice := p.Notice()
	if notice != "" {
		say(errors.New(notice))
	}
	if err := s.Log.Write(audit.Record{
		Event: audit.Start, Message: notice, Groups: caller.Groups, Build: build(), Profile: p.Need().Profile(), Landlock: domain, Policy: p.Hex(), Repaired: repaired,
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
