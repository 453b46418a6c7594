package main

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"
	"unsafe"

	"nethelper/bench/stage"
	"nethelper/pkg/attr"
	"nethelper/pkg/client"
	"nethelper/pkg/ops"
	"nethelper/policy"

	"golang.org/x/sys/unix"
)

// callers has several goroutines make their requests through one helper.
func callers(many int) func(*Trial) error {
	return func(t *Trial) error {
		c := t.helper()
		latencies := make([][]float64, many)
		work := func(caller, from, to int) error {
			for i := from; i < to; i++ {
				before := time.Now()
				if err := changed(client.Call(t, c, ops.RouteReplace, *route(t.Netns, caller, i))); err != nil && i >= warmUp {
					return err
				}
				if i >= warmUp {
					latencies[caller] = append(latencies[caller], micros(time.Since(before)))
				}
			}
			return nil
		}
		if err := each(many, func(caller int) error { return work(caller, 0, warmUp) }); err != nil {
			return err
		}
		begin := time.Now()
		if err := each(many, func(caller int) error { return work(caller, warmUp, warmUp+t.N/many) }); err != nil {
			return err
		}
		t.reportLatencies(slices.Concat(latencies...), time.Since(begin))
		return c.Close()
	}
}

// inTurn asks for as many namespaces one after the other.
func inTurn(namespaces int) func(*Trial) error {
	return func(t *Trial) error {
		c := t.helper()
		err := t.sequence(func(i int) error {
			netns := t.Netns + attr.NetNS(strconv.Itoa(i%namespaces))
			// Each time around, the routes take the other link.
			p := routeTo(netns, 1)
			p.Dev = &ports[i/namespaces%2]
			_, err := client.Call(t, c, ops.RouteReplace, *p)
			return err
		})
		return errors.Join(err, c.Close())
	}
}

// helpers has several helpers, of as few users as may run them, serve one caller
// each.
func helpers(many int) func(*Trial) error {
	return func(t *Trial) error {
		clients := make([]*client.Client, many)
		work := func(i, from, to int) error {
			for k := from; k < to; k++ {
				if err := changed(client.Call(t, clients[i], ops.RouteReplace, *route(t.Netns, i, k))); err != nil && k >= warmUp {
					return err
				}
			}
			return nil
		}
		err := each(many, func(i int) error {
			if err := become(stage.Services[i/policy.DefaultLimits.Helpers]); err != nil {
				return err
			}
			clients[i] = t.helper()
			return work(i, 0, warmUp)
		})
		if err != nil {
			return err
		}
		begin := time.Now()
		if err := each(many, func(i int) error { return work(i, warmUp, warmUp+t.N/many) }); err != nil {
			return err
		}
		t.Report(rate, float64(t.N/many*many)/time.Since(begin).Seconds())
		return each(many, func(i int) error { return clients[i].Close() })
	}
}

// become gives the calling goroutine's thread, and what it starts, to a user. The
// thread ends with the goroutine.
func become(u stage.User) error {
	runtime.LockOSThread()
	groups := u.Groups
	for _, call := range [][4]uintptr{
		{unix.SYS_SETGROUPS, uintptr(len(groups)), uintptr(unsafe.Pointer(unsafe.SliceData(groups))), 0},
		{unix.SYS_SETRESGID, uintptr(u.GID), uintptr(u.GID), uintptr(u.GID)},
		{unix.SYS_SETRESUID, uintptr(u.UID), uintptr(u.UID), uintptr(u.UID)},
	} {
		if _, _, errno := unix.RawSyscall(call[0], call[1], call[2], call[3]); errno != 0 {
			return fmt.Errorf("user %s: %w", u.Name, errno)
		}
	}
	runtime.KeepAlive(groups)
	return nil
}

// each runs do for the numbers below n, at the same time.
func each(n int, do func(i int) error) error {
	failed := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { failed[i] = do(i) })
	}
	all.Wait()
	return errors.Join(failed...)
}

// A send is the way in which a route that is not there is asked for.
type send func(t *Trial, c *client.Client, route *ops.RouteParams) (*client.Pending, error)

func add(t *Trial, c *client.Client, route *ops.RouteParams) (*client.Pending, error) {
	return c.Send(t, ops.RouteAdd.Op, &ops.RouteAddParams{RouteParams: *route})
}

func replace(t *Trial, c *client.Client, route *ops.RouteParams) (*client.Pending, error) {
	return c.Send(t, ops.RouteReplace.Op, route)
}

// pipelined makes N requests for routes that are not there, without waiting for a
// reply before the next is sent, but for at most window of them at a time.
func pipelined(ask send, window int) func(*Trial) error {
	return func(t *Trial) error {
		c := t.helper()
		if _, err := c.Hello(t); err != nil {
			return err
		}
		begin := time.Now()
		pending := make([]*client.Pending, 0, t.N)
		for i := range t.N {
			p, err := ask(t, c, routeTo(t.Netns, uint32(i)))
			if err != nil {
				return err
			}
			pending = append(pending, p)
			if i >= window {
				if err := done(t, pending[i-window]); err != nil {
					return err
				}
			}
		}
		for _, p := range pending[max(t.N-window, 0):] {
			if err := done(t, p); err != nil {
				return err
			}
		}
		return t.reportBulk(begin, c)
	}
}

// inBatches makes N requests for routes that are not there, size of them at a time.
func inBatches(ask send, size int) func(*Trial) error {
	return func(t *Trial) error {
		c := t.helper()
		if _, err := c.Hello(t); err != nil {
			return err
		}
		begin := time.Now()
		pending := make([]*client.Pending, 0, size)
		for i := 0; i < t.N; i += size {
			pending = pending[:0]
			for k := i; k < min(i+size, t.N); k++ {
				p, err := ask(t, c, routeTo(t.Netns, uint32(k)))
				if err != nil {
					return err
				}
				pending = append(pending, p)
			}
			for _, p := range pending {
				if err := done(t, p); err != nil {
					return err
				}
			}
		}
		return t.reportBulk(begin, c)
	}
}

func done(t *Trial, p *client.Pending) error {
	result, err := p.Result(t)
	if err != nil {
		return err
	}
	return changed(*result.(*ops.Done), nil)
}

// reportBulk says how fast N routes were made, and what memory it took the helper.
func (t *Trial) reportBulk(begin time.Time, c *client.Client) error {
	took := time.Since(begin)
	t.Report("ms", millis(took))
	t.Report("routes/s", float64(t.N)/took.Seconds())
	return t.reportPeak(c)
}

// reportPeak says the most memory that the helper had, and ends it.
func (t *Trial) reportPeak(c *client.Client) error {
	pid, err := helperPID()
	if err != nil {
		return err
	}
	peak, err := statusKiB(pid, "VmHWM")
	if err != nil {
		return err
	}
	t.Report("helper KiB", peak)
	return c.Close()
}

// visit lists the routes of a table and looks at each as a typed value.
func visit(t *Trial) error {
	c := t.helper()
	if _, err := c.Hello(t); err != nil {
		return err
	}
	begin := time.Now()
	n, hosts := 0, 0
	params := ops.RouteListParams{In: ops.In{NetNS: &t.Netns}, Table: mainTable(), RouteSelection: ops.RouteSelection{Family: inet()}}
	for r, err := range client.List(t, c, ops.RouteList, params) {
		if err != nil {
			return err
		}
		n++
		if r.Dst.Bits() == 32 {
			hosts++
		}
	}
	took := time.Since(begin)
	if hosts < t.N || n < hosts {
		return errors.New("not all routes were listed")
	}
	t.Report("ms", millis(took))
	t.Report("routes/s", float64(n)/took.Seconds())
	return t.reportPeak(c)
}
