package attr

// A Signature is what an operation is to those who know no operation.
type Signature struct {
	// Attrs returns the attributes. They are found out when they are asked for.
	Attrs func() []*Field
	// Counted says that the operation makes objects which can be counted.
	Counted bool
}
