package attr

// An Error says what is wrong with one attribute of a request.
type Error struct {
	Attr string
	Err  error
}

func (e *Error) Error() string { return e.Attr + ": " + e.Err.Error() }
func (e *Error) Unwrap() error { return e.Err }
