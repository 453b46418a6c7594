package policy

import (
	"slices"
	"time"

	"nethelper/internal/trust"
)

// A Stamp remembers what was read. The zero value remembers nothing, and has
// changed.
type Stamp struct {
	files []stamped
	// settled says that the last change was so long before that another one shows.
	settled bool
}

type stamped struct {
	path  string
	state trust.State
}

const (
	// tick is longer than any of the kernel's, which the times of a file count:
	// two changes in one tick look like one.
	tick = 20 * time.Millisecond
	// ahead is more than any reading takes. A file that was changed further in the
	// future was changed before the clock was set back.
	ahead = time.Minute
)

// stampOf makes the stamp of what was read since start.
func stampOf(files []stamped, start time.Time) Stamp {
	return Stamp{files, !slices.ContainsFunc(files, func(f stamped) bool {
		age := start.Sub(time.Unix(0, f.state.Ctime))
		return -ahead < age && age < tick
	})}
}

// Changed reports whether anything that was read, or the list of what there is to
// read, is no longer as it was, or may not be. It costs one system call for each
// file and one for the directory.
func (s Stamp) Changed() bool {
	return !s.settled || slices.ContainsFunc(s.files, func(f stamped) bool {
		return trust.StateOf(f.path) != f.state
	})
}
