package ops

import (
	"errors"
	"fmt"
	"syscall"

	"nethelper/internal/kernel"
)

// Flushed is the result of an operation that deletes whatever fits.
type Flushed struct {
	Removed uint32 `cbor:"removed" help:"how many are gone"`
}

// flushBatch bounds the objects that are held in memory at once.
const flushBatch = 1 << 14

// flushRounds bounds how often a flush looks for more, where objects come as fast
// as they go.
const flushRounds = 64

// flush deletes in turns, each of a batch of objects, until none is left. Batch
// returns messages that delete the first of what is to go. An object that has
// gone along with another, which the errno gone says, counts too.
func flush(ns *kernel.Netns, gone syscall.Errno, batch func() ([]*kernel.Request, error)) (Flushed, error) {
	var done Flushed
	for range flushRounds {
		requests, err := batch()
		changing := errors.Is(err, kernel.ErrInconsistent) // what it found is there nevertheless
		if err != nil && !changing {
			return done, partly(done, err)
		}
		removed, err := deleteEach(ns, gone, requests)
		done.Removed += removed
		if err != nil {
			return done, partly(done, err)
		}
		if len(requests) < flushBatch && !changing {
			return done, nil
		}
	}
	return done, partly(done, kernel.ErrInconsistent)
}

// deleteEach sends the messages and tells how many objects are gone. It goes on
// past those that the kernel refuses, and returns the first of their errors.
func deleteEach(ns *kernel.Netns, gone syscall.Errno, requests []*kernel.Request) (removed uint32, err error) {
	for _, r := range requests {
		var refusal *kernel.Error
		switch failed := ns.Do(r); {
		case failed == nil, errors.Is(failed, gone):
			removed++
		case !errors.As(failed, &refusal): // the socket is of no more use
			return removed, failed
		case err == nil:
			err = failed
		}
	}
	return removed, err
}

// partly says how far a flush came before err.
func partly(done Flushed, err error) error {
	e := *errorOf(err)
	e.Message = fmt.Sprintf("%d removed, then: %s", done.Removed, e.Message)
	return &e
}
