package client

import (
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"nethelper/pkg/attr"
	"nethelper/pkg/ops"
	"nethelper/pkg/protocol"
)

func TestOneHelperForConcurrentFirstCalls(t *testing.T) {
	c, dir := newFake(t, nil, "serve")
	var wg sync.WaitGroup
	for n := range 32 {
		wg.Go(func() {
			for range 20 {
				got, err := Call(t.Context(), c, echo, label{N: n})
				if err != nil || got.N != n {
					t.Errorf("echo of %d: %v, %v", n, got, err)
					return
				}
			}
		})
	}
	wg.Wait()
	if n := starts(t, dir); n != 1 {
		t.Errorf("%d helpers were started, want 1", n)
	}
}

func TestNoHelperBeforeTheFirstCall(t *testing.T) {
	c, dir := newFake(t, nil, "serve")
	if n := starts(t, dir); n != 0 {
		t.Fatalf("%d helpers were started, want none", n)
	}
	hello, err := c.Hello(t.Context())
	if err != nil || hello.Build != "fake 1" {
		t.Errorf("hello: %+v, %v", hello, err)
	}
}

func TestErrorsOfTheHelperAreErrorsOfTheSystem(t *testing.T) {
	c, _ := newFake(t, nil, "refuse")
	_, err := Call(t.Context(), c, echo, label{})
	if !errors.Is(err, fs.ErrExist) || !errors.Is(err, syscall.EEXIST) {
		t.Errorf("%v is not %v", err, fs.ErrExist)
	}
	var e *protocol.Error
	if !errors.As(err, &e) || e.Attr != "address" {
		t.Errorf("%#v does not name the attribute", err)
	}
}

func TestDoReturnsWhatTheOperationReturns(t *testing.T) {
	c, _ := newFake(t, nil, "unchanged")
	params := &ops.AddrAddParams{Dev: "lab0", Address: attr.IfAddr{Prefix: netip.MustParsePrefix("10.0.0.1/24")}}
	got, err := c.Do(t.Context(), ops.AddrAdd.Op, params)
	if done, ok := got.(*ops.Done); err != nil || !ok || done.Changed {
		t.Errorf("got %#v, %v", got, err)
	}
}

func TestParamsAreCheckedBeforeTheyAreSent(t *testing.T) {
	c, dir := newFake(t, nil, "unchanged")
	_, err := Call(t.Context(), c, ops.AddrAdd, ops.AddrAddParams{Dev: "lab0/"})
	var e *protocol.Error
	if !errors.As(err, &e) || e.Code != protocol.Invalid || e.Attr != "dev" {
		t.Errorf("got %#v", err)
	}
	if n := starts(t, dir); n != 0 {
		t.Errorf("%d helpers were started, want none", n)
	}
}

func TestPipelinedRequestsAreAnsweredInOrder(t *testing.T) {
	c, _ := newFake(t, nil, "serve")
	var sent []*Pending
	for n := range 500 {
		p, err := c.Send(t.Context(), echo.Op, &label{N: n})
		if err != nil {
			t.Fatal(err)
		}
		sent = append(sent, p)
	}
	for n, p := range sent {
		var got label
		if err := p.result(t.Context(), &got); err != nil || got.N != n {
			t.Fatalf("echo of %d: %v, %v", n, got, err)
		}
	}
}

func TestRequestLargerThanTheHelperAccepts(t *testing.T) {
	c, _ := newFake(t, nil, "small-limit")
	_, err := Call(t.Context(), c, echo, label{Text: longText})
	var e *protocol.Error
	if !errors.As(err, &e) || e.Code != protocol.Invalid || !strings.Contains(e.Message, "larger") {
		t.Errorf("got %v", err)
	}
	if got, err := Call(t.Context(), c, echo, label{N: 3}); err != nil || got.N != 3 {
		t.Errorf("the next call: %v, %v", got, err)
	}
}

func TestTraceShowsEachMessage(t *testing.T) {
	var lines []string
	c, _ := newFake(t, func(c *Client) {
		*c = *New(Config{Path: c.config.Path, Args: c.config.Args, Trace: func(d Direction, message []byte) {
			lines = append(lines, string(d)+" "+protocol.Diagnose(message))
		}})
	}, "serve")
	if _, err := Call(t.Context(), c, echo, label{N: 5}); err != nil {
		t.Fatal(err)
	}
	want := []string{
		`<- {"build": "fake 1", "nethelper": 1}`,
		`-> {"id": 1, "op": "test.echo", "params": {"n": 5}}`,
		`<- {"id": 1, "result": {"n": 5}}`,
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
}

func TestCancelledCallReturnsAtOnceAndOthersProceed(t *testing.T) {
	c, dir := newFake(t, nil, "slow")
	ctx, cancel := context.WithCancel(t.Context())
	first, err := c.Send(ctx, echo.Op, &label{N: 1})
	if err != nil {
		t.Fatal(err)
	}
	second, err := c.Send(t.Context(), echo.Op, &label{N: 2})
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	var got label
	if err := first.result(ctx, &got); err != context.Canceled {
		t.Errorf("the cancelled call: %v", err)
	}
	if err := second.result(t.Context(), &got); err != nil || got.N != 2 {
		t.Errorf("the other call: %v, %v", got, err)
	}
	if _, err := Call(ctx, c, echo, label{}); err != context.Canceled {
		t.Errorf("a call that begins cancelled: %v", err)
	}
	if n := starts(t, dir); n != 1 {
		t.Errorf("%d helpers were started, want 1", n)
	}
}

func TestCallerOfADeafHelperIsNotHeldUp(t *testing.T) {
	c, _ := newFake(t, func(c *Client) { c.limits.exit = 100 * time.Millisecond }, "deaf")
	if _, err := c.Hello(t.Context()); err != nil {
		t.Fatal(err)
	}
	// 200 requests of a kilobyte are more than a pipe holds.
	for n := range 200 {
		if _, err := c.Send(t.Context(), echo.Op, &label{N: n, Text: longText}); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := Call(ctx, c, echo, label{}); err != context.DeadlineExceeded {
		t.Errorf("got %v", err)
	}
}

func TestCloseLeavesNothingBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, name := range []string{"serve", "deaf", "silent", "die-after-hello", "garbage"} {
		c, _ := newFake(t, func(c *Client) { c.limits.exit = 100 * time.Millisecond }, name)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		_, err := Call(ctx, c, echo, label{})
		cancel()
		if (err == nil) != (name == "serve") {
			t.Errorf("%s: %v", name, err)
		}
		if err := c.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := Call(t.Context(), c, echo, label{}); err != ErrClosed {
			t.Errorf("%s: a call after Close: %v", name, err)
		}
	}
	deadline := time.Now().Add(5 * time.Second)
	for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
		runtime.Gosched()
	}
	if n := runtime.NumGoroutine(); n > before {
		stacks := make([]byte, 1<<16)
		t.Errorf("%d goroutines more than before\n%s", n-before, stacks[:runtime.Stack(stacks, true)])
	}
}

func TestCallsThatCloseOvertakesFail(t *testing.T) {
	c, _ := newFake(t, func(c *Client) { c.limits.exit = 100 * time.Millisecond }, "deaf")
	p, err := c.Send(t.Context(), echo.Op, &label{})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	var e *HelperError
	if err := p.result(t.Context(), new(label)); !errors.As(err, &e) || !errors.Is(err, ErrClosed) || !e.MayHaveRun {
		t.Errorf("got %#v", err)
	}
}

func TestReplyIsTakenOnce(t *testing.T) {
	c, _ := newFake(t, nil, "serve")
	p, err := c.Send(t.Context(), echo.Op, &label{})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []error{nil, errTaken, errTaken} {
		if err := p.result(t.Context(), new(label)); err != want {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	if p, err = c.Send(t.Context(), count.Op, &label{N: 10}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []error{nil, errTaken} {
		if _, err := collect(p.items(t.Context())); err != want {
			t.Errorf("got %v, want %v", err, want)
		}
	}
}

func TestCloseWaitsForAnswers(t *testing.T) {
	c, _ := newFake(t, nil, "slow")
	p, err := c.Send(t.Context(), echo.Op, &label{N: 6})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	var got label
	if err := p.result(t.Context(), &got); err != nil || got.N != 6 {
		t.Errorf("got %v, %v", got, err)
	}
}

// A helper that ends while nothing is asked of it is noticed before the next request.
func TestHelperThatEndsBetweenCalls(t *testing.T) {
	c, dir := newFake(t, nil, "serve-once")
	for n := range 3 {
		got, err := Call(t.Context(), c, echo, label{N: n})
		if err != nil || got.N != n {
			t.Fatalf("echo of %d: %v, %v", n, got, err)
		}
		c.mu.Lock()
		s := c.current
		c.mu.Unlock()
		select {
		case <-s.over:
		case <-time.After(10 * time.Second):
			t.Fatal("the end of the helper was not noticed")
		}
	}
	if n := starts(t, dir); n != 3 {
		t.Errorf("%d helpers were started, want 3", n)
	}
}

// Whoever reads a reply, the caller or the session, each call gets its own.
func TestCallsOfEveryKindInTurn(t *testing.T) {
	c, dir := newFake(t, nil, "serve")
	random := rand.New(rand.NewPCG(1, 2))
	var sent []*Pending
	for n := range 3000 {
		switch random.IntN(8) {
		case 0:
			p, err := c.Send(t.Context(), echo.Op, &label{N: n})
			if err != nil {
				t.Fatal(err)
			}
			sent = append(sent, p)
		case 1:
			for range List(t.Context(), c, count, label{N: random.IntN(40), Text: longText}) {
				if random.IntN(20) == 0 {
					break
				}
			}
		case 2:
			ctx, cancel := context.WithTimeout(t.Context(), time.Duration(random.IntN(50))*time.Microsecond)
			if got, err := Call(ctx, c, echo, label{N: n}); err == nil && got.N != n || err != nil && ctx.Err() == nil {
				t.Fatalf("echo of %d: %v, %v", n, got, err)
			}
			cancel()
		default:
			if got, err := Call(t.Context(), c, echo, label{N: n}); err != nil || got.N != n {
				t.Fatalf("echo of %d: %v, %v", n, got, err)
			}
		}
	}
	for _, p := range sent {
		if err := p.result(t.Context(), new(label)); err != nil {
			t.Error(err)
		}
	}
	if n := starts(t, dir); n != 1 {
		t.Errorf("%d helpers were started, want 1", n)
	}
}

// An operation that takes long is not looked for, and one that does not is, whatever
// is asked for in between.
func TestSlowOperations(t *testing.T) {
	c, _ := newFake(t, nil, "slow-lists")
	s, err := c.session(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slow := func(op *ops.Op) bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.slow[op]
	}
	for range 3 {
		for n := 0; n == 0 || slow(echo.Op); n++ {
			if got, err := Call(t.Context(), c, echo, label{N: n}); err != nil || got.N != n {
				t.Fatalf("echo of %d: %v, %v", n, got, err)
			}
			if n == 10_000 {
				t.Fatal("an operation stays slow that is not")
			}
		}
		if _, err := Collect(t.Context(), c, count, label{N: 3}); err != nil {
			t.Fatal(err)
		}
		if !slow(count.Op) || slow(echo.Op) {
			t.Errorf("slow: the slow one %v, the other %v", slow(count.Op), slow(echo.Op))
		}
	}
}

// A panic in Trace is the caller's who reads its reply. It ends the helper, as that may
// end at any time, and not the client.
func TestTracePanics(t *testing.T) {
	panicked := false
	trace := func(d Direction, _ []byte) {
		stack := make([]byte, 4<<10)
		if !panicked && d == Received && strings.Contains(string(stack[:runtime.Stack(stack, false)]), "(*session).look") {
			panicked = true
			panic("trace")
		}
	}
	c, dir := newFake(t, func(c *Client) { c.config.Trace = trace }, "serve")
	call := func(n int) (err error) {
		defer func() {
			if recover() != nil {
				err = nil
			}
		}()
		_, err = Call(t.Context(), c, echo, label{N: n})
		return err
	}
	for n := 0; !panicked; n++ {
		if err := call(n); err != nil {
			t.Fatal(err)
		}
		if n == 10_000 {
			t.Fatal("no caller ever reads its reply")
		}
	}
	var ended *HelperError
	if _, err := Call(t.Context(), c, echo, label{}); err != nil && !errors.As(err, &ended) {
		t.Error(err)
	}
	if got, err := Call(t.Context(), c, echo, label{N: 1}); err != nil || got.N != 1 {
		t.Errorf("after the panic: %v, %v", got, err)
	}
	if n := starts(t, dir); n != 2 {
		t.Errorf("%d helpers were started, want 2", n)
	}
}

// Where there is room for one goroutine only, a caller that gets reply after reply does
// not keep others from making their calls.
func TestCallersTakeTurns(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	c, _ := newFake(t, nil, "serve")
	if _, err := c.Hello(t.Context()); err != nil {
		t.Fatal(err)
	}
	const callers, calls = 4, 500
	var (
		mu   sync.Mutex
		done []int // callers, in the order in which their calls ended
		left = callers
		all  sync.WaitGroup
	)
	for caller := range callers {
		all.Go(func() {
			for n := range calls {
				if got, err := Call(t.Context(), c, echo, label{N: n}); err != nil || got.N != n {
					t.Errorf("echo of %d: %v, %v", n, got, err)
					return
				}
				mu.Lock()
				if left == callers {
					done = append(done, caller)
				}
				mu.Unlock()
			}
			mu.Lock()
			left--
			mu.Unlock()
		})
	}
	all.Wait()
	longest, run := 0, 0
	for i := range done {
		if run++; i > 0 && done[i] != done[i-1] {
			run = 1
		}
		longest = max(longest, run)
	}
	if longest > calls/5 {
		t.Errorf("one of %d callers made %d calls before another made one", callers, longest)
	}
}

// A list without an end does not keep a client from closing.
func TestCloseInTheMidstOfAnEndlessList(t *testing.T) {
	c, _ := newFake(t, func(c *Client) { c.limits.exit = 200 * time.Millisecond }, "endless")
	if _, err := c.Send(t.Context(), count.Op, &label{}); err != nil {
		t.Fatal(err)
	}
	closed := make(chan error)
	go func() { closed <- c.Close() }()
	select {
	case err := <-closed:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it does not close")
	}
}
