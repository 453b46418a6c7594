// Package attr is the vocabulary of nethelper: a closed set of attribute types.
//
// Every argument of every operation has one of these types. A type says how its
// values are written on a command line, in a policy and in an audit record (one
// spelling everywhere), how they travel, which values it admits, and which
// patterns a policy can constrain them with. The package imports the standard
// library only and knows nothing of operations, policies or the kernel's
// interfaces beyond their numbers.
package attr

// A Value is the value of one attribute. The set of types that implement it is
// the list [Types].
type Value interface {
	// Type returns the description of the value's type.
	Type() *Type
	// Check says why the type does not admit the value, or nil. A value that
	// came from Parse passes; one that was decoded may not.
	Check() error
	// String returns the canonical text: no space, comma or control byte in
	// it, and Type.Parse reads it back to the same value.
	String() string
}

// A Type describes one kind of attribute.
type Type struct {
	// Name is what the manual, the command line help and the CDDL call it.
	Name string
	// Doc says in a phrase how a value is written.
	Doc string
	// CDDL is the right-hand side of the type's rule (RFC 8610).
	CDDL string
	// Words are the values that have a name, for completion and manuals.
	Words []string
	// Parse reads what a person types. It accepts aliases and returns a value
	// that passes Check.
	Parse func(text string) (Value, error)
	// Pattern reads one alternative of a policy constraint.
	Pattern func(text string) (Pattern, error)

	atoms func(patterns []Pattern) ([]Value, bool)
}

// A Pattern is a set of values of one type. It matches whole values.
type Pattern interface {
	Match(Value) bool
	// String returns the canonical text; the type's Pattern reads it back.
	String() string
}

// Types is the whole vocabulary, in the order of the manual.
var Types = []*Type{
	typeNetNS, typeIfName, typeAltName, typeLLAddr, typeAddr, typePrefix, typeIfAddr,
	typeFamily, typeTable, typeMetric, typePriority, typeScope, typeRouteProtocol, typeRouteType, typeAddrProtocol,
	typeMTU, typeKind, typeVLAN, typeVLANProtocol, typeQoS, typeVNI, typePort, typePortRange,
	typeMACVLANMode, typeNeighState, typeFDBState, typeTOS, typeTTL, typeMark, typeUIDRange, typeIPProtocol,
	typePrefixLength, typeRuleAction, typeDSCP, typePortMask, typeTunnelID, typeRealm, typeWeight, typeRoutePreference, typeCongestion,
	typeLifetime, typeLabel, typeCentiseconds, typeSeconds, typeMilliseconds, typeCount, typeQuantity, typeMbit, typeVF, typeVFState,
	typeLinkGroup, typeQueueLength, typeQueueCount, typeLimit, typeFlowLabel, typeDF,
	typeBridgePriority, typeForwardMask, typePortVLAN, typeMulticastRouter, typeIGMPVersion, typeMLDVersion, typeQueryCount,
	typeIndex, typeFlag, typeTolerance, typeText,
}
