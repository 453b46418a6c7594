package ops

import "nethelper/pkg/attr"

// Schema returns the attributes of every operation by its name: what a policy
// can speak of.
func Schema() map[string]func() []*attr.Field {
	schema := make(map[string]func() []*attr.Field, len(All))
	for _, op := range All {
		schema[op.Name] = op.Attrs
	}
	return schema
}
