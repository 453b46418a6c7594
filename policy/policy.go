package policy

import (
	"crypto/sha256"
	"encoding/binary"

	"nethelper/pkg/attr"
)

const (
	// Path is where the operator's policy is.
	Path = "/etc/nethelper/policy"
	// DropInDir holds further files, which packages and tools put there.
	DropInDir = "/etc/nethelper/policy.d"
)

// A Schema tells what the policy has to know of each operation, by its name.
type Schema map[string]attr.Signature

// A Source is the text of one file. Name is what positions show.
type Source struct {
	Name string
	Text []byte
}

// A Policy is what the sources say together. It does not change. The zero value
// grants nothing.
type Policy struct {
	grants []*Grant
	rules  map[string]*ruleset // by operation
	audit  string
	unused []NamedSet

	expectations []Expectation
	permissive   []*Grant
	limits       []*Limit
	explain      Explain
	digest       [sha256.Size]byte
}

// Grants returns all grants in the order of the text.
func (p *Policy) Grants() []*Grant { return p.grants }

// GrantsFor returns the grants that name the principal, in the order of the text,
// and behind them what makes the policy permissive to it.
func (p *Policy) GrantsFor(who Principal) []*Grant {
	var grants []*Grant
	for _, g := range p.grants {
		if g.covers(who) {
			grants = append(grants, g)
		}
	}
	if g := p.permits(who); g != nil {
		grants = append(grants, g)
	}
	return grants
}

// UnusedSets returns the sets that no statement uses, in the order of the text.
func (p *Policy) UnusedSets() []NamedSet { return p.unused }

// Expectations returns the tests that the policy carries, in the order of the text.
func (p *Policy) Expectations() []Expectation { return p.expectations }

// AuditFile returns the path that the audit statement gives, or "".
func (p *Policy) AuditFile() string { return p.audit }

// Digest identifies the text that the policy was made of: the SHA-256 digest of
// the name and the text of each source, each behind its length.
func (p *Policy) Digest() [sha256.Size]byte { return p.digest }

func digest(sources []Source) (sum [sha256.Size]byte) {
	h := sha256.New()
	part := func(b []byte) {
		var size [8]byte
		binary.BigEndian.PutUint64(size[:], uint64(len(b)))
		h.Write(size[:])
		h.Write(b)
	}
	for _, s := range sources {
		part([]byte(s.Name))
		part(s.Text)
	}
	h.Sum(sum[:0])
	return sum
}
