package ops

import (
	"nethelper/internal/kernel"
	"nethelper/pkg/attr"
)

// linkNames are the names of the links of a namespace, as far as asked for.
type linkNames struct {
	ns    *kernel.Netns
	names map[attr.Index]*attr.IfName
}

// namesIn looks the names up in the namespace.
func namesIn(ns *kernel.Netns) *linkNames {
	return &linkNames{ns: ns, names: make(map[attr.Index]*attr.IfName)}
}

// name returns the name of a link, or nil for none or one that is gone.
func (n *linkNames) name(index *attr.Index) *attr.IfName {
	if index == nil {
		return nil
	}
	name, known := n.names[*index]
	if !known {
		if found := n.ns.Name(uint32(*index)); found != "" {
			name = &found
		}
		n.names[*index] = name
	}
	return name
}
