package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"
	"unsafe"

	"nethelper/bench/stage"
	"nethelper/pkg/client"
	"nethelper/pkg/ops"
	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// oneCaller is a service that makes one request after the other.
func oneCaller(t *Trial) error {
	c := t.helper()
	err := t.sequence(func(i int) error {
		return changed(client.Call(t, c, ops.RouteReplace, *route(t.Netns, 0, i)))
	})
	return errors.Join(err, c.Close())
}

// rawLoop is the helper without the client library: frames made beforehand are
// written, and replies read, by one thread that does nothing else.
func rawLoop(t *Trial) (err error) {
	frames := make([][]byte, 2*destinations)
	for i := range frames {
		if frames[i], err = frame(route(t.Netns, 0, i)); err != nil {
			return err
		}
	}
	to, from, end, err := spawnRaw()
	if err != nil {
		return err
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	reply := make([]byte, protocol.MaxReply)
	err = t.sequence(func(i int) error {
		if _, err := raw(unix.SYS_WRITE, to, frames[i%len(frames)]); err != nil {
			return err
		}
		n, err := raw(unix.SYS_READ, from, reply)
		if err != nil {
			return err
		}
		// A reply of this size comes in one piece, and ends with {"changed": true}.
		switch {
		case bytes.HasSuffix(reply[:n], []byte("changed\xf4")):
			return errUnchanged
		case !bytes.HasSuffix(reply[:n], []byte("changed\xf5")):
			return fmt.Errorf("reply %x", reply[:n])
		}
		return nil
	})
	return errors.Join(err, end())
}

// raw makes a system call that Go's scheduler is not told of, as a program in C
// would. Nothing else has to run while it blocks.
func raw(call uintptr, fd int, p []byte) (int, error) {
	n, _, errno := unix.RawSyscall(call, uintptr(fd), uintptr(unsafe.Pointer(&p[0])), uintptr(len(p)))
	if errno != 0 {
		return 0, errno
	}
	return int(n), nil
}

// frame is a request as it is sent.
func frame(p *ops.RouteParams) ([]byte, error) {
	params, err := protocol.Marshal(p)
	if err != nil {
		return nil, err
	}
	message, err := protocol.Marshal(protocol.Request{ID: 1, Op: ops.RouteReplace.Name, Params: params})
	if err != nil {
		return nil, err
	}
	return protocol.AppendFrame(nil, message), nil
}

// spawnRaw starts the helper and reads its hello. What is returned are blocking
// descriptors that the runtime's poller has nothing to do with.
func spawnRaw() (to, from int, end func() error, err error) {
	stdin, write, err := os.Pipe()
	if err != nil {
		return 0, 0, nil, err
	}
	read, stdout, err := os.Pipe()
	if err != nil {
		return 0, 0, nil, err
	}
	cmd := exec.Command(stage.Helper)
	cmd.Env, cmd.Stdin, cmd.Stdout, cmd.Stderr = []string{}, stdin, stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 0, 0, nil, err
	}
	if err := errors.Join(stdin.Close(), stdout.Close()); err != nil {
		return 0, 0, nil, err
	}
	// One byte at a time: what follows the hello is not for this reader.
	message, err := protocol.Read(bufio.NewReaderSize(read, 16), protocol.MaxReply)
	if err != nil {
		return 0, 0, nil, err
	}
	var hello protocol.Hello
	if err := protocol.Unmarshal(message, &hello); err != nil {
		return 0, 0, nil, err
	}
	if hello.Error != nil {
		return 0, 0, nil, hello.Error
	}
	end = func() error { return errors.Join(write.Close(), cmd.Wait(), read.Close()) }
	return int(write.Fd()), int(read.Fd()), end, nil
}

// coldStart starts a helper, has it do one thing, and ends it.
func coldStart(t *Trial) error {
	return t.repeat(func(i int) error {
		c := t.helper()
		_, err := client.Call(t, c, ops.RouteReplace, *route(t.Netns, 0, i*destinations))
		return errors.Join(err, c.Close())
	})
}

// denial is a request that no grant covers.
func denial(t *Trial) error {
	c := t.helper()
	refused := *route(t.Netns, 0, 0)
	lo := ports[0] + "x"
	refused.Dev = &lo
	refused.Dst = outside
	err := t.sequence(func(int) error {
		_, err := client.Call(t, c, ops.RouteReplace, refused)
		if !errors.Is(err, &protocol.Error{Code: protocol.Denied}) {
			return fmt.Errorf("%v, want a denial", err)
		}
		return nil
	})
	return errors.Join(err, c.Close())
}

// idle is what a helper that has work behind it costs while there is none.
func idle(t *Trial) error {
	c := t.helper()
	if _, err := client.Call(t, c, ops.RouteReplace, *route(t.Netns, 0, 0)); err != nil {
		return err
	}
	pid, err := helperPID()
	if err != nil {
		return err
	}
	resident, err := statusKiB(pid, "VmRSS")
	if err != nil {
		return err
	}
	t.Report("KiB", resident)
	for i := range t.N {
		if err := changed(client.Call(t, c, ops.RouteReplace, *route(t.Netns, 0, warmUp+i))); err != nil && i >= warmUp {
			return err
		}
	}
	if resident, err = statusKiB(pid, "VmRSS"); err != nil {
		return err
	}
	t.Report("KiB after thousands", resident)
	// Sockets that are not used any more are closed after a second or two.
	time.Sleep(settle)
	before, err := switches(pid)
	if err != nil {
		return err
	}
	time.Sleep(watched)
	after, err := switches(pid)
	if err != nil {
		return err
	}
	if resident, err = statusKiB(pid, "VmRSS"); err != nil {
		return err
	}
	t.Report("KiB after a rest", resident)
	t.Report("wake-ups/s", (after-before)/watched.Seconds())
	return c.Close()
}

const (
	settle  = 2500 * time.Millisecond
	watched = 2 * time.Second
)
