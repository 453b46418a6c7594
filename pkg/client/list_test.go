package client

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"nethelper/pkg/ops"
	"nethelper/pkg/protocol"
)

func TestListYieldsEveryElementInOrder(t *testing.T) {
	c, _ := newFake(t, nil, "serve")
	for _, n := range []int{0, 1, 5000} {
		next := 0
		for l, err := range List(t.Context(), c, count, label{N: n, Text: longText}) {
			if err != nil {
				t.Fatal(err)
			}
			if l.N != next || l.Text != longText {
				t.Fatalf("element %d is %d", next, l.N)
			}
			next++
		}
		if next != n {
			t.Errorf("%d elements, want %d", next, n)
		}
	}
}

func TestLeavingAListEarly(t *testing.T) {
	c, dir := newFake(t, nil, "serve")
	for range 3 {
		for _, err := range List(t.Context(), c, count, label{N: 5000, Text: longText}) {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	if got, err := Call(t.Context(), c, echo, label{N: 4}); err != nil || got.N != 4 {
		t.Errorf("the next call: %v, %v", got, err)
	}
	if n := starts(t, dir); n != 1 {
		t.Errorf("%d helpers were started, want 1", n)
	}
}

func TestCancelledListIsDrained(t *testing.T) {
	c, _ := newFake(t, nil, "serve")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	for _, last = range List(ctx, c, count, label{N: 5000, Text: longText}) {
		cancel()
	}
	if last != context.Canceled {
		t.Errorf("the list ended with %v", last)
	}
	if got, err := Call(t.Context(), c, echo, label{N: 4}); err != nil || got.N != 4 {
		t.Errorf("the next call: %v, %v", got, err)
	}
}

func TestCallsInTheBodyOfALoopOverAList(t *testing.T) {
	c, _ := newFake(t, func(c *Client) { c.limits.window = 1 }, "serve")
	n := 0
	for l, err := range List(t.Context(), c, count, label{N: 500, Text: longText}) {
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Call(t.Context(), c, echo, label{N: l.N}); err != nil || got.N != l.N {
			t.Fatalf("element %d: %v, %v", n, got, err)
		}
		n++
	}
	if n != 500 {
		t.Errorf("%d elements, want 500", n)
	}
}

func TestLoneListIsReadAsItIsConsumed(t *testing.T) {
	c, _ := newFake(t, func(c *Client) { c.limits.window = 64 << 10 }, "serve")
	p, err := c.Send(t.Context(), count.Op, &label{N: 5000, Text: longText})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range p.items(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		p.s.mu.Lock()
		size := p.call.size
		p.s.mu.Unlock()
		if max := 64<<10 + protocol.MaxReply; size > max {
			t.Fatalf("%d bytes are held, want at most %d", size, max)
		}
		n++
	}
	if n != 5000 {
		t.Errorf("%d elements, want 5000", n)
	}
}

func TestStalledListGivesWay(t *testing.T) {
	c, _ := newFake(t, func(c *Client) {
		c.limits.window, c.limits.readAhead, c.limits.stall = 1, 100<<10, 50*time.Millisecond
	}, "serve")
	var last error
	for l, err := range List(t.Context(), c, count, label{N: 5000, Text: longText}) {
		if last = err; err != nil {
			break
		}
		if got, err := Call(t.Context(), c, echo, label{N: l.N}); err != nil || got.N != l.N {
			t.Fatalf("the call behind the list: %v, %v", got, err)
		}
	}
	if last != ErrStalled {
		t.Errorf("the list ended with %v", last)
	}
}

func TestCollectAsksAgain(t *testing.T) {
	c, _ := newFake(t, nil, "interrupted-twice")
	all, err := Collect(t.Context(), c, count, label{N: 3})
	if err != nil || len(all) != 3 || all[2].N != 2 {
		t.Errorf("got %v, %v", all, err)
	}
}

func TestListShowsThatItIsInconsistent(t *testing.T) {
	c, _ := newFake(t, nil, "interrupted-twice")
	n, last := 0, error(nil)
	for _, last = range List(t.Context(), c, count, label{N: 3}) {
		n++
	}
	if n != 2 || !errors.Is(last, &protocol.Error{Code: protocol.Inconsistent}) {
		t.Errorf("%d elements, then %v", n-1, last)
	}
}

func TestStreamYieldsWhatTheOperationLists(t *testing.T) {
	c, _ := newFake(t, nil, "processes")
	var got []uint32
	for element, err := range c.Stream(t.Context(), ops.NetNSPIDs.Op, &ops.NetNSPIDsParams{Name: "lab"}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, element.(*ops.Process).PID)
	}
	if !slices.Equal(got, []uint32{7, 8}) {
		t.Errorf("got %v", got)
	}
}

func TestReplyOfTheWrongKind(t *testing.T) {
	c, _ := newFake(t, nil, "result-for-list")
	var e *ReplyError
	if _, err := Collect(t.Context(), c, count, label{N: 1}); !errors.As(err, &e) {
		t.Errorf("a result for a list: %v", err)
	}
	c, _ = newFake(t, nil, "serve")
	p, err := c.Send(t.Context(), count.Op, &label{N: 100, Text: longText})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.result(t.Context(), new(label)); !errors.As(err, &e) {
		t.Errorf("a list for a result: %v", err)
	}
	if got, err := Call(t.Context(), c, echo, label{N: 4}); err != nil || got.N != 4 {
		t.Errorf("the next call: %v, %v", got, err)
	}
}

func TestCallsOfManyBesideLists(t *testing.T) {
	c, dir := newFake(t, func(c *Client) { c.limits.window = 1 }, "serve")
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for range 10 {
				if all, err := Collect(t.Context(), c, count, label{N: 100 * n, Text: longText}); err != nil || len(all) != 100*n {
					t.Errorf("%d elements, %v", len(all), err)
				}
				if got, err := Call(t.Context(), c, echo, label{N: n}); err != nil || got.N != n {
					t.Errorf("echo of %d: %v, %v", n, got, err)
				}
			}
		})
	}
	wg.Wait()
	if n := starts(t, dir); n != 1 {
		t.Errorf("%d helpers were started, want 1", n)
	}
}
