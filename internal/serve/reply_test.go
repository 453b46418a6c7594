package serve

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"nethelper/internal/channel"
	"nethelper/internal/quota"
	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// peer returns a session whose caller reads from the file.
func peer(t *testing.T) (*Session, *os.File) {
	t.Helper()
	p, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	c, err := channel.New(p[0], p[0])
	if err != nil {
		t.Fatal(err)
	}
	caller := os.NewFile(uintptr(p[1]), "caller")
	t.Cleanup(func() { unix.Close(p[0]); caller.Close() })
	return &Session{Channel: c, Quota: quota.New(quota.Alone)}, caller
}

func newRequest(s *Session, id uint64) *request { return &request{reply: reply{s: s, id: id}} }

// finish replies to a request of which that has come.
func finish(r *request, result any, err error) error {
	r.result, r.err = result, err
	return r.s.finish([]*request{r})
}

// replies reads a run of replies to its end.
func replies(t *testing.T, caller *os.File) (all []protocol.Reply, sizes []int) {
	t.Helper()
	for {
		message, err := protocol.Read(caller, protocol.MaxReply)
		if err != nil {
			t.Error(err)
			return all, sizes
		}
		var r protocol.Reply
		if err := protocol.Unmarshal(message, &r); err != nil {
			t.Error(err)
			return all, sizes
		}
		all, sizes = append(all, r), append(sizes, len(message))
		if !r.More {
			return all, sizes
		}
	}
}

// A list of any length arrives whole and in order, in pieces within the limit
// that are not needlessly small.
func TestList(t *testing.T) {
	const n = 20000
	s, caller := peer(t)
	go func() {
		r := newRequest(s, 7)
		_, err := r.whole(true, func() (any, error) {
			for i := range n {
				if err := r.emit([]any{i, strings.Repeat("x", i%40)}); err != nil {
					return nil, err
				}
			}
			return nil, nil
		})
		if err := errors.Join(err, finish(r, nil, err)); err != nil {
			t.Error(err)
		}
	}()
	all, sizes := replies(t, caller)
	next := uint64(0)
	for i, r := range all {
		if r.ID != 7 || r.Error != nil {
			t.Fatalf("reply %d: %+v", i, r)
		}
		if last := i == len(all)-1; r.More == last || !last && sizes[i] < flushSize/2 {
			t.Errorf("reply %d of %d bytes, more %v", i, sizes[i], r.More)
		}
		for _, item := range r.Items {
			var element []any
			if err := protocol.Unmarshal(item, &element); err != nil {
				t.Fatal(err)
			}
			if element[0] != next {
				t.Fatalf("element %v, want %d", element[0], next)
			}
			next++
		}
	}
	if next != n {
		t.Errorf("%d elements, want %d", next, n)
	}
}

// An element that no reply can hold is an error of the helper's, and so is a
// result. The elements before it have been sent, or are not.
func TestTooLarge(t *testing.T) {
	huge := strings.Repeat("x", protocol.MaxReply)
	s, caller := peer(t)
	r := newRequest(s, 1)
	if err := r.emit("small"); err != nil {
		t.Fatal(err)
	}
	err := r.emit(huge)
	if err == nil {
		t.Fatal("emitted")
	}
	for _, finish := range []func() error{
		func() error { return finish(r, nil, err) },
		func() error { return finish(newRequest(s, 1), huge, nil) },
		func() error {
			return finish(newRequest(s, 1), nil, &protocol.Error{Code: protocol.Internal, Message: huge})
		},
	} {
		if err := finish(); err != nil {
			t.Fatal(err)
		}
		all, sizes := replies(t, caller)
		if len(all) != 1 || all[0].Error == nil || all[0].Error.Code != protocol.Internal || all[0].Items != nil || sizes[0] > 2*messageMax {
			t.Errorf("%d replies of %v bytes, the first %+v", len(all), sizes, all[0])
		}
	}
}

// What just fits a reply is sent, alone.
func TestLargest(t *testing.T) {
	largest := strings.Repeat("x", protocol.MaxReply-envelope-3) // and a head of 3 bytes
	s, caller := peer(t)
	go func() {
		r := newRequest(s, 1)
		for _, element := range []string{"small", largest, largest, "small"} {
			if err := r.emit(element); err != nil {
				t.Error(err)
			}
		}
		if err := finish(r, nil, nil); err != nil {
			t.Error(err)
		}
	}()
	all, _ := replies(t, caller)
	var counts []int
	for _, r := range all {
		counts = append(counts, len(r.Items))
	}
	if want := []int{1, 1, 1, 1}; !slices.Equal(counts, want) {
		t.Errorf("elements of the replies: %v, want %v", counts, want)
	}
}

// A dump that was interrupted is read again, so often and no more, unless some of
// it has been sent.
func TestInterrupted(t *testing.T) {
	inconsistent := &protocol.Error{Code: protocol.Inconsistent}
	for _, test := range []struct {
		failures, emit int
		runs           int
		ok             bool
	}{
		{failures: 0, emit: 2, runs: 1, ok: true},
		{failures: 2, emit: 2, runs: 3, ok: true},
		{failures: 100, emit: 2, runs: retries + 1, ok: false},
		{failures: 1, emit: flushSize, runs: 1, ok: false},
	} {
		s, caller := peer(t)
		runs := 0
		done := make(chan error)
		go func() {
			r := newRequest(s, 1)
			result, err := r.whole(true, func() (any, error) {
				runs++
				for i := range test.emit {
					if err := r.emit(i); err != nil {
						return nil, err
					}
				}
				if runs <= test.failures {
					return nil, inconsistent
				}
				return nil, nil
			})
			done <- finish(r, result, err)
		}()
		all, _ := replies(t, caller)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		last := all[len(all)-1]
		if runs != test.runs || (last.Error == nil) != test.ok {
			t.Errorf("%+v: %d runs, error %v", test, runs, last.Error)
		}
		if test.ok && len(last.Items) != test.emit {
			t.Errorf("%+v: %d elements", test, len(last.Items))
		}
		if !test.ok && !errors.Is(last.Error, inconsistent) {
			t.Errorf("%+v: %v", test, last.Error)
		}
	}
}
