package main

import (
	"strings"

	"nethelper/pkg/attr"
	"nethelper/pkg/ops"
)

// A request is an operation and its params.
type request struct {
	op     *ops.Op
	params any
}

// parseRequest reads OPERATION ATTRIBUTE=VALUE..., the one spelling.
func parseRequest(words []string) (request, error) {
	op := ops.Lookup(words[0])
	if op == nil {
		return request{}, unknownOp(words[0])
	}
	if _, err := attr.BindText(op.Attrs(), words[1:]); err != nil {
		return request{}, usageErrorf("%s: %v", op.Name, err)
	}
	params := op.NewParams()
	for _, word := range words[1:] {
		name, text, _ := strings.Cut(word, "=")
		if err := attr.Set(op.Attrs(), params, name, text); err != nil {
			return request{}, usageErrorf("%s: %v", op.Name, err)
		}
	}
	if err := op.Check(params); err != nil {
		return request{}, usageErrorf("%s: %v", op.Name, err)
	}
	return request{op, params}, nil
}

// unknownOp says what there is in place of name.
func unknownOp(name string) error {
	object, _, _ := strings.Cut(name, ".")
	var names []string
	for _, op := range ops.All {
		if op.Object() == object || strings.HasPrefix(op.Name, object+".") {
			names = append(names, op.Name)
		}
	}
	if len(names) == 0 {
		return usageErrorf("%q: no such operation; nethelperctl ops lists them", name)
	}
	return usageErrorf("%q: no such operation; there is %s", name, strings.Join(names, ", "))
}
