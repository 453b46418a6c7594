// Package need tells what privilege the grants of a caller ask for.
package need

import (
	"fmt"

	"nethelper/internal/privilege"
	"nethelper/pkg/attr"
	"nethelper/pkg/ops"
	"nethelper/policy"
)

// Of returns the privilege that the grants ask for: what their operations need, and
// what it takes to enter the namespaces that they name.
func Of(grants []*policy.Grant) (privilege.Need, error) {
	var need privilege.Need
	for _, g := range grants {
		for _, name := range g.Ops {
			op := ops.Lookup(name)
			if op == nil {
				return need, fmt.Errorf("%s: no operation %s", g.Place(), name)
			}
			caps := op.Caps
			if !op.Outside && entersNetns(op, g) {
				caps = append(caps[:len(caps):len(caps)], ops.SysAdmin)
			}
			for _, c := range caps {
				if err := need.Add(string(c)); err != nil {
					return need, err
				}
			}
			need.Root = need.Root || op.Root
		}
	}
	return need, nil
}

// entersNetns reports whether the grant lets the operation act in, or refer to,
// a namespace other than the helper's own.
func entersNetns(op *ops.Op, g *policy.Grant) bool {
	isNetns := make(map[string]bool)
	for _, f := range op.Attrs() {
		isNetns[f.Name] = f.Type.Name == attr.NetNS("").Type().Name
	}
	for _, c := range g.Constraints {
		if !isNetns[c.Attr] {
			continue
		}
		for _, p := range c.Patterns {
			if p.String() != string(attr.OwnNetNS) {
				return true
			}
		}
	}
	return false
}
