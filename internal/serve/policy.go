package serve

import (
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"slices"
	"time"

	"nethelper/internal/need"
	"nethelper/internal/privilege"
	"nethelper/internal/trust"
	"nethelper/pkg/ops"
	"nethelper/policy"
)

// A Policy is the policy in force for one caller. It follows its files.
type Policy struct {
	*policy.Policy

	files     Files
	stamp     policy.Stamp
	watch     *trust.Watch
	looked    time.Time // when the files were last looked at
	looks     int       // and how often
	principal policy.Principal
	held      privilege.Need // what the grants asked for when the helper started
	counts    bool           // one of them had a quota
	limits    policy.Limits  // the caller's
	hex       string         // the digest as records have it
	err       error          // why the files, since they changed, cannot be in force
}

// Files is where a policy is, and whose it has to be.
type Files struct {
	Path, DropIns string
	Owners        trust.Owners
	// Open says that the caller may read them anyway, so that an error may tell
	// what is wrong with the text, and not only where.
	Open bool
}

// Load reads a policy.
func Load(files Files, caller privilege.Caller) (*Policy, error) {
	p := &Policy{files: files, watch: new(trust.Watch), principal: policy.Principal{UID: caller.UID, GIDs: caller.GIDs()}}
	read, stamp, err := files.read()
	if err != nil {
		return nil, err
	}
	p.stamp = stamp
	p.use(read)
	grants := p.Policy.GrantsFor(p.principal)
	p.counts = limited(grants)
	p.held, err = need.Of(grants)
	return p, err
}

// Counts reports whether one of the caller's grants had a quota when they were
// loaded.
func (p *Policy) Counts() bool { return p.counts }

func limited(grants []*policy.Grant) bool {
	return slices.ContainsFunc(grants, func(g *policy.Grant) bool { return g.Max > 0 })
}

// Dirs returns the directories that the policy and the names in it are read from.
func (p *Policy) Dirs() []string {
	dirs := []string{path.Dir(p.files.Path), policy.AccountsDir}
	if p.files.DropIns != "" {
		dirs = append(dirs, p.files.DropIns)
	}
	return dirs
}

func (f Files) read() (*policy.Policy, policy.Stamp, error) {
	sources, stamp, err := policy.Open(f.Path, f.DropIns, f.Owners)
	if err != nil {
		return nil, stamp, err
	}
	accounts, err := policy.ReadAccounts(f.Owners)
	if err != nil {
		return nil, policy.Stamp{}, err // the stamp is not theirs: to be read again
	}
	read, err := policy.Parse(sources, ops.Schema(), accounts)
	return read, stamp, f.firstError(err)
}

// Hex returns the policy's digest as records have it.
func (p *Policy) Hex() string { return p.hex }

// use puts a policy in force.
func (p *Policy) use(read *policy.Policy) {
	sum := read.Digest()
	p.Policy, p.hex, p.limits = read, hex.EncodeToString(sum[:]), read.LimitsFor(p.principal)
}

// CallerLimits returns the limits of the caller.
func (p *Policy) CallerLimits() policy.Limits { return p.limits }

// Notice is what is not to be overlooked about the policy: that it is permissive to
// the caller.
func (p *Policy) Notice() string {
	for _, g := range p.GrantsFor(p.principal) {
		if g.Permissive {
			return g.Place() + " is permissive: everything is allowed, and recorded"
		}
	}
	return ""
}

// Need returns the privilege that the caller's grants asked for when they were
// loaded.
func (p *Policy) Need() privilege.Need { return p.held }

// lively is how often the files are looked at before they are watched. To end a
// watch takes the kernel longer than that.
const lively = 256

// most is how long the watch is believed. It knows nothing of a file system that is
// mounted over the files, nor of changes that another machine makes.
const most = time.Second

// unchanged reports whether the files are as they were, or as good as surely so.
func (p *Policy) unchanged() bool {
	now := time.Now()
	if p.watch.Quiet() && now.Sub(p.looked) < most {
		return true
	}
	p.looked = now
	if p.looks++; p.looks == lively {
		p.watch = trust.NewWatch(p.Dirs()...)
	}
	if p.stamp.Changed() {
		p.looked = time.Time{} // it may change again in the same tick
		return false
	}
	return true
}

// renew reads the policy again if its files have changed. As long as they cannot
// be in force, nothing is: the error says why.
func (p *Policy) renew() error {
	if p.unchanged() {
		return p.err
	}
	read, stamp, err := p.files.read()
	p.stamp, p.err = stamp, err
	if err != nil {
		return p.err
	}
	p.err = p.replace(read)
	return p.err
}

// An outdated error is that of a policy which another helper can serve.
type outdated struct{ reason string }

func (e outdated) Error() string { return e.reason }

// replace puts another policy in force, if the helper can serve it as it is.
func (p *Policy) replace(read *policy.Policy) error {
	asked, err := need.Of(read.GrantsFor(p.principal))
	switch {
	case err != nil:
		return err
	case !p.held.Covers(asked):
		return outdated{"the policy has changed and asks for more privilege than this helper kept: start a new helper"}
	case read.AuditFile() != p.AuditFile():
		return outdated{"the policy has changed and names another audit file: start a new helper"}
	case !p.counts && limited(read.GrantsFor(p.principal)):
		return outdated{"the policy has changed and has a quota, for which this helper has no lock: start a new helper"}
	}
	p.use(read)
	return nil
}

// firstError is what a caller is told of the errors of a policy.
func (f Files) firstError(err error) error {
	var errs policy.Errors
	switch {
	case !errors.As(err, &errs) || len(errs) == 0:
		return err
	case f.Open:
		return errs[0]
	}
	return fmt.Errorf("the policy has an error at %s: run `nethelperctl policy check`", errs[0].At)
}
