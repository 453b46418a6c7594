package trust

import "errors"

// ErrChanged is returned for a file that somebody changed or replaced while it was
// read. Reading it again may succeed.
var ErrChanged = errors.New("changed while it was read")

// An Error says why a file or directory is not trusted or cannot be opened.
type Error struct {
	// Path is the component that is at fault, as an absolute path.
	Path   string
	Reason string
	// Remedy is what the operator can do, or empty.
	Remedy string
	// Err is the kernel's error or ErrChanged, if it was one of these.
	Err error
}

// Error returns PATH: REASON: REMEDY, as far as they are known.
func (e *Error) Error() string {
	text := e.Path + ": " + e.Reason
	if e.Remedy != "" {
		text += ": " + e.Remedy
	}
	return text
}

// Unwrap returns Err, so that errors.Is(err, fs.ErrNotExist) holds.
func (e *Error) Unwrap() error { return e.Err }

// failed makes the error of a system call.
func failed(path string, err error) *Error {
	return &Error{Path: path, Reason: err.Error(), Err: err}
}

func changed(path string) *Error {
	return &Error{Path: path, Reason: ErrChanged.Error(), Remedy: "try again", Err: ErrChanged}
}
