package poll

import (
	"errors"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestTry(t *testing.T) {
	defect := errors.New("defect")
	for _, c := range []struct {
		name  string
		look  func(n int) (bool, error)
		found bool
		err   error
	}{
		{"there", func(int) (bool, error) { return true, nil }, true, nil},
		{"an error", func(int) (bool, error) { return false, defect }, false, defect},
		{"never", func(int) (bool, error) { return false, nil }, false, nil},
		{"slow to look", func(int) (bool, error) { time.Sleep(2 * crowded); return false, nil }, false, nil},
	} {
		n := 0
		found, err := Try([]unix.PollFd{{Fd: -1}}, func() (bool, error) { n++; return c.look(n) })
		if found != c.found || err != c.err {
			t.Errorf("%s: %v, %v", c.name, found, err)
		}
		if c.name == "slow to look" && n != 1 {
			t.Errorf("%s: looked %d times, want once", c.name, n)
		}
	}
}

func TestWait(t *testing.T) {
	var ends [2]int
	if err := unix.Pipe2(ends[:], unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
	defer unix.Close(ends[0])
	fds := []unix.PollFd{{Fd: int32(ends[0]), Events: unix.POLLIN}}
	if ready, err := Wait(fds, time.Now()); ready || err != nil {
		t.Errorf("nothing has happened: %v, %v", ready, err)
	}
	if err := unix.Close(ends[1]); err != nil {
		t.Fatal(err)
	}
	if ready, err := Wait(fds, time.Time{}); !ready || err != nil || fds[0].Revents&unix.POLLHUP == 0 {
		t.Errorf("the other end is closed: %v, %v, %x", ready, err, fds[0].Revents)
	}
}
