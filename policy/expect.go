package policy

import (
	"errors"
	"slices"
	"strings"

	"nethelper/pkg/attr"
)

// An Expectation is a test that the policy carries.
type Expectation struct {
	At      Position
	Allow   bool
	Request Request
}

// Place returns where the expectation is, such as policy:12.
func (e Expectation) Place() string { return e.At.line() }

// expect reads expect allow|deny PRINCIPAL OPERATION ATTRIBUTE=VALUE...
func (p *parser) expect(st []word) []Expectation {
	if len(st) < 4 || st[1].text != "allow" && st[1].text != "deny" {
		p.errorf(st[0].at, "want expect allow or expect deny, and PRINCIPAL OPERATION ATTRIBUTE=VALUE ...")
		return nil
	}
	who, err := p.who(st[2].text)
	if err != nil {
		p.errorf(st[2].at, "%v", err)
		return nil
	}
	op, attrs := st[3], st[4:]
	signature, known := p.schema[op.text]
	if !known {
		p.errorf(op.at, "%q: no such operation", op.text)
		return nil
	}
	texts := make([]string, len(attrs))
	for i, w := range attrs {
		texts[i] = w.text
	}
	bindings, err := attr.BindText(signature.Attrs(), texts)
	if err != nil {
		p.errorf(blamed(attrs, op, err), "%v", err)
		return nil
	}
	return []Expectation{{st[0].at, st[1].text == "allow", Request{p.principal(who), op.text, bindings}}}
}

// blamed finds the word that an error of attr.BindText is about: the last one of
// the name, if one is there twice.
func blamed(attrs []word, op word, err error) Position {
	var e *attr.Error
	if errors.As(err, &e) {
		for _, w := range slices.Backward(attrs) {
			if name, _, _ := strings.Cut(w.text, "="); name == e.Attr {
				return w.at
			}
		}
	}
	return op.at
}

// principal is the least principal that who covers: a user with the groups that
// the accounts give it, a user id without any, or a group without a user.
func (p *parser) principal(who Who) Principal {
	switch {
	case who.Group:
		return Principal{UID: noID, GIDs: []uint32{who.ID}}
	case who.Name != "":
		return Principal{UID: who.ID, GIDs: p.names.Groups(who.Name)}
	}
	return Principal{UID: who.ID}
}

// verify decides on an expectation, by the evaluator that enforces. It is about the
// grants, also where the policy is permissive.
func (p *parser) verify(e Expectation) {
	if d := p.policy.judge(e.Request).WithRoom(); d.Allowed() != e.Allow {
		want := "deny"
		if e.Allow {
			want = "allow"
		}
		p.errorf(e.At, "expected %s, but the decision is %s", want, d)
	}
}
