package main

import (
	"fmt"
	"strings"

	"nethelper/internal/review"
	"nethelper/pkg/attr"
	"nethelper/pkg/ops"
)

// policyWho prints who may do an operation on what is given of an object, with the
// grants that allow it.
func (c *ctl) policyWho(args []string) error {
	if len(args) < 2 {
		return usageErrorf("policy who: want FILE OPERATION [ATTRIBUTE=VALUE]...")
	}
	op := ops.Lookup(args[1])
	if op == nil {
		return usageErrorf("%q: no such operation", args[1])
	}
	given, err := givenAttributes(op, args[2:])
	if err != nil {
		return err
	}
	p, _, err := readPolicy(args[0], "")
	if err != nil {
		return err
	}
	found := review.Who(p, op.Name, given)
	if c.json {
		all := []permitted{}
		for _, f := range found {
			all = append(all, permitted{f.Who.String(), f.Grant.Place(), f.Grant.String()})
		}
		return c.printJSON(all)
	}
	for _, f := range found {
		if _, err := fmt.Fprintf(c.stdout, "%s  %s\n", c.place(f.Who.String()), c.comment(fmt.Sprintf("# %s: %s", f.Grant.Place(), f.Grant))); err != nil {
			return err
		}
	}
	return nil
}

// A permitted is a principal and a grant, for programs.
type permitted struct {
	Who   string `json:"who"`
	Place string `json:"place"`
	Grant string `json:"grant"`
}

// givenAttributes reads some of the attributes of a request.
func givenAttributes(op *ops.Op, words []string) ([]attr.Binding, error) {
	var given []attr.Binding
	for _, w := range words {
		name, text, ok := strings.Cut(w, "=")
		if !ok {
			return nil, usageErrorf("%q: want ATTRIBUTE=VALUE", w)
		}
		f := attributeNamed(op, name)
		if f == nil {
			return nil, usageErrorf("%s has no attribute %q", op.Name, name)
		}
		value, err := f.Type.Parse(text)
		if err != nil {
			return nil, usageErrorf("%s: %v", name, err)
		}
		given = append(given, attr.Binding{Field: f, Value: value})
	}
	return given, nil
}

func attributeNamed(op *ops.Op, name string) *attr.Field {
	for _, f := range op.Attrs() {
		if f.Name == name {
			return f
		}
	}
	return nil
}

func completeWho(args []string, last string) []string {
	if len(args) == 0 {
		return nil
	}
	return completeRequest(args[1:], last)
}
