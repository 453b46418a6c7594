package privilege

import (
	"fmt"
	"strings"

	"golang.org/x/sys/unix"
)

// A limit is what the helper does about one resource limit (getrlimit(2)).
type limit struct {
	name     string
	resource int
	// want is what soft and hard limit are set to.
	want uint64
	// least is the smallest hard limit that will do where it cannot be raised.
	least uint64
	// usual is the smallest hard limit that is not worth a word.
	usual uint64
}

const infinity = unix.RLIM_INFINITY

// maxFiles is more than the helper ever has open: a socket for each of the
// namespaces that it keeps, and a few.
const maxFiles = 256

// maxSignals is more than the runtime ever has on their way to its threads. Where it
// may send them none, it tries for ever.
const maxSignals = 64

// limitTable is chosen so that no limit of the caller's ends the helper between
// an effect and its record, or keeps the record from being written.
var limitTable = []limit{
	{"RLIMIT_CORE", unix.RLIMIT_CORE, 0, 0, 0},
	{"RLIMIT_NOFILE", unix.RLIMIT_NOFILE, maxFiles, maxFiles, maxFiles},
	{"RLIMIT_FSIZE", unix.RLIMIT_FSIZE, infinity, 64 << 20, infinity},
	{"RLIMIT_CPU", unix.RLIMIT_CPU, infinity, infinity, infinity},
	{"RLIMIT_AS", unix.RLIMIT_AS, infinity, 1 << 30, infinity},
	{"RLIMIT_DATA", unix.RLIMIT_DATA, infinity, 256 << 20, infinity},
	{"RLIMIT_NPROC", unix.RLIMIT_NPROC, infinity, 64, 64},
	{"RLIMIT_SIGPENDING", unix.RLIMIT_SIGPENDING, 16 * maxSignals, maxSignals, maxSignals},
}

func limits() (string, error) {
	var found []string
	for _, l := range limitTable {
		before, err := l.set()
		if err != nil {
			return "", err
		}
		if before < l.usual {
			found = append(found, fmt.Sprintf("%s %d", l.name, before))
		}
	}
	return strings.Join(found, ", "), nil
}

// set sets the limit, or the soft limit to a hard one that will do. It returns
// the hard limit there was.
func (l limit) set() (uint64, error) {
	var before unix.Rlimit
	if err := unix.Getrlimit(l.resource, &before); err != nil {
		return 0, fmt.Errorf("getrlimit %s: %w", l.name, err)
	}
	err := unix.Setrlimit(l.resource, &unix.Rlimit{Cur: l.want, Max: l.want})
	if err == unix.EPERM && before.Max >= l.least {
		err = unix.Setrlimit(l.resource, &unix.Rlimit{Cur: before.Max, Max: before.Max})
	}
	switch {
	case err == unix.EPERM && l.least == infinity:
		return 0, fmt.Errorf("the caller's %s is %d and cannot be raised: start the helper without that limit", l.name, before.Max)
	case err == unix.EPERM:
		return 0, fmt.Errorf("the caller's %s is %d and cannot be raised: start the helper with at least %d", l.name, before.Max, l.least)
	case err != nil:
		return 0, fmt.Errorf("setrlimit %s: %w", l.name, err)
	}
	return before.Max, nil
}
