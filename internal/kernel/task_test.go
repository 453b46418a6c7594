package kernel

import (
	"errors"
	"testing"
	"time"

	"nethelper/pkg/attr"

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

	task.pause = func(time.Duration) error { return errors.New("nobody waits") }
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

// What a name stood for before does not count: neither after a rename, nor when
// the name went to another link, nor when it became an alternative name.
func TestIndexFollowsNames(t *testing.T) {
	n := own(t, newTask(t))
	index := func(name string) uint32 {
		t.Helper()
		i, err := n.Index("dev", attr.IfName(name))
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	run(t, "ip link add lab0 type ifb")
	first := index("lab0")
	run(t, "ip link set lab0 name lab1")
	_, err := n.Index("dev", "lab0")
	refused(t, err, unix.ENODEV, "dev")
	run(t, "ip link add lab0 type ifb")
	if second := index("lab0"); second == first || index("lab1") != first {
		t.Errorf("lab0 is %d, lab1 is %d, which was lab0", second, index("lab1"))
	}
	run(t, "ip link delete lab1")
	run(t, "ip link property add dev lab0 altname lab1")
	_, err = n.Index("dev", "lab1")
	refused(t, err, unix.ENODEV, "dev")
}
