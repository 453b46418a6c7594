package attr

// A Trait is what an object shows of an attribute.
type Trait struct {
	// Value is nil where the object has none.
	Value Value
	// Given says that an object has a value only if a request gave it one: there is
	// no default.
	Given bool
}

// An Object tells what is to be seen of an attribute, and false where nothing is to
// be seen of it.
type Object func(attribute string) (Trait, bool)
