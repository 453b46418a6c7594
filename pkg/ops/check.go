package ops

// A presence says whether a request has an attribute.
type presence struct {
	name  string
	there bool
}

// has is the presence of the optional attribute in v.
func has[T any](name string, v *T) presence { return presence{name, v != nil} }

// refuse returns an error about the first of the attributes that is there.
func refuse(reason string, attrs ...presence) error {
	for _, a := range attrs {
		if a.there {
			return invalid(a.name, reason)
		}
	}
	return nil
}
