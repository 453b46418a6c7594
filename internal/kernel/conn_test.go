package kernel

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

func own(t *testing.T, task *Task) *Netns {
	t.Helper()
	n, err := task.In(nil)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func links() *Request {
	return NewRequest(unix.RTM_GETLINK, 0, &rtnetlink.LinkMessage{})
}

// lo is the loopback link, up or down.
func setLo(up bool) *Request {
	m := &rtnetlink.LinkMessage{Index: 1, Change: unix.IFF_UP}
	if up {
		m.Flags = unix.IFF_UP
	}
	return NewRequest(unix.RTM_NEWLINK, 0, m)
}

// addAddresses puts n addresses on lo.
func addAddresses(t *testing.T, n int) {
	t.Helper()
	var batch strings.Builder
	for i := range n {
		fmt.Fprintf(&batch, "address add 10.0.%d.%d/32 dev lo\n", i/100, i%100+1)
	}
	cmd := exec.Command("ip", "-batch", "-")
	cmd.Stdin = strings.NewReader(batch.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ip -batch: %v\n%s", err, out)
	}
}

func addresses() *Request {
	return NewRequest(unix.RTM_GETADDR, 0, &rtnetlink.AddressMessage{Family: unix.AF_INET})
}

// A visit that fails ends the dump, and the socket serves on.
func TestDumpStopped(t *testing.T) {
	n := own(t, newTask(t))
	for i := range 60 {
		run(t, fmt.Sprintf("ip link add ifb%d type ifb", i))
	}
	stop := errors.New("stop")
	for _, stop := range []error{stop, &Error{Errno: unix.EPIPE}} {
		visited := 0
		err := n.Dump(links(), func(netlink.Message) error { visited++; return stop })
		if err != stop || visited != 1 {
			t.Fatalf("%v after %d messages, want %v after 1", err, visited, stop)
		}
	}
	if err := n.Do(setLo(true)); err != nil {
		t.Fatal(err)
	}
	count := 0
	if err := n.Dump(links(), func(netlink.Message) error { count++; return nil }); err != nil {
		t.Fatal(err)
	}
	if count != 61 {
		t.Errorf("%d links, want 61", count)
	}
}

// What changes while it is dumped is reported, and the same socket dumps again.
func TestDumpInterrupted(t *testing.T) {
	n := own(t, newTask(t))
	for i := range 60 {
		run(t, fmt.Sprintf("ip link add ifb%d type ifb", i))
	}
	first := true
	err := n.Dump(links(), func(netlink.Message) error {
		if first {
			run(t, "ip link add late type ifb")
			first = false
		}
		return nil
	})
	if !errors.Is(err, ErrInconsistent) {
		t.Fatalf("%v, want %v", err, ErrInconsistent)
	}
	if err := n.Dump(links(), func(netlink.Message) error { return nil }); err != nil {
		t.Errorf("again: %v", err)
	}
}

// A change that cuts off the rest of a dump shows in its last message only.
func TestDumpCutOff(t *testing.T) {
	n := own(t, newTask(t))
	addAddresses(t, 1000)
	seen := 0
	err := n.Dump(addresses(), func(netlink.Message) error {
		if seen++; seen == 1 {
			run(t, "ip address flush dev lo to 10.0.0.0/21")
		}
		return nil
	})
	if !errors.Is(err, ErrInconsistent) {
		t.Errorf("%v after %d addresses, want %v", err, seen, ErrInconsistent)
	}
	if flushed := 800; seen >= flushed {
		t.Fatalf("%d addresses came in the first message, so this test shows nothing", seen)
	}
}

// A slow reader of a dump is no lost answer.
func TestDumpSlowReader(t *testing.T) {
	n := own(t, newTask(t))
	for i := range 60 {
		run(t, fmt.Sprintf("ip link add ifb%d type ifb", i))
	}
	answerTime = 50 * time.Millisecond
	defer func() { answerTime = 30 * time.Second }()
	count := 0
	err := n.Dump(links(), func(netlink.Message) error {
		if count++; count == 1 {
			time.Sleep(2 * answerTime)
		}
		return nil
	})
	if err != nil || count != 61 {
		t.Errorf("%v after %d links, want nil after 61", err, count)
	}
}
