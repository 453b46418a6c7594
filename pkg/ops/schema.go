package ops

import "nethelper/pkg/attr"

// Schema returns the signature of every operation by its name: what a policy can
// speak of.
func Schema() map[string]attr.Signature {
	schema := make(map[string]attr.Signature, len(All))
	for _, op := range All {
		schema[op.Name] = attr.Signature{Attrs: op.Attrs, Counted: op.Counted()}
	}
	return schema
}
