package protocol

import (
	"bytes"
	"reflect"
)

// UnmarshalByLibrary is Unmarshal without a plan.
var UnmarshalByLibrary = unmarshal

// MarshalByLibrary is Marshal without a plan.
func MarshalByLibrary(v any) ([]byte, error) { return libraryEncoder().Marshal(v) }

// UnmarshalByPlan is Unmarshal with nothing but the plan. It reports whether there
// is one, and whether it accepts data.
func UnmarshalByPlan(data []byte, v any) (planned, accepted bool) {
	at := reflect.ValueOf(v).Elem()
	p := planOf(at.Type())
	return p != nil, p != nil && p.decode(bytes.Clone(data), at)
}
