package kernel

import (
	"context"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A link that comes within the time is found; one that does not is missing, and so
// it is for a caller who no longer waits.
func TestWaitIndex(t *testing.T) {
	task := newTask(t)
	n := own(t, task)
	_, err := n.WaitIndex("dev", "late", 2*waitFirst)
	refused(t, err, unix.ENODEV, "dev")

	found := make(chan error)
	go func() {
		_, err := n.WaitIndex("dev", "late", time.Minute)
		found <- err
	}()
	run(t, "ip link add late type ifb")
	if err := <-found; err != nil {
		t.Error(err)
	}

	var stop context.CancelFunc
	task.ctx, stop = context.WithCancel(task.ctx)
	stop()
	_, err = n.WaitIndex("dev", "never", time.Minute)
	refused(t, err, unix.ENODEV, "dev")
}

// Only the canonical name of a link counts.
func TestIndexByAltName(t *testing.T) {
	n := own(t, newTask(t))
	run(t, "ip link add lab0 type ifb")
	run(t, "ip link property add dev lab0 altname other")
	if _, err := n.Index("dev", "lab0"); err != nil {
		t.Error(err)
	}
	_, err := n.Index("dev", "other")
	refused(t, err, unix.ENODEV, "dev")
}
