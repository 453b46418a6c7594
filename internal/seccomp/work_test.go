package seccomp

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nethelper/internal/audit"
	"nethelper/internal/channel"
	"nethelper/internal/kernel"
	"nethelper/internal/trust"
	"nethelper/pkg/attr"
	"nethelper/pkg/protocol"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// A process does under each filter all that a helper of the profile does, with
// the packages that do it there, and lives. Every thread is under the filter.
func TestWork(t *testing.T) {
	needPureGo(t)
	for p := None; p <= C; p++ {
		t.Run(p.String(), func(t *testing.T) {
			t.Parallel()
			cmd := child("work", p.String())
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			start(t, cmd)
			// The child writes when its work is done, and then waits.
			line := make([]byte, len(workDone))
			if _, err := out.Read(line); err == nil && string(line) == workDone {
				for _, state := range threads(t, cmd.Process.Pid) {
					if state != (threadState{Seccomp: "2", NoNewPrivs: "1"}) {
						t.Errorf("a thread is %+v", state)
					}
				}
				for range 3 {
					stopAndContinue(t, cmd.Process.Pid)
				}
			}
			if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
				t.Errorf("%v\n%s", err, &stderr)
			}
			if string(line) != workDone {
				t.Errorf("the child said %q", line)
			}
		})
	}
}

type threadState struct{ Seccomp, NoNewPrivs string }

// threads returns what the kernel tells of each thread of a process.
func threads(t *testing.T, pid int) []threadState {
	t.Helper()
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	if err != nil || len(files) < 2 {
		t.Fatalf("%d threads, error %v", len(files), err)
	}
	var all []threadState
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var s threadState
		for line := range strings.Lines(string(text)) {
			switch name, value, _ := strings.Cut(strings.TrimSpace(line), ":\t"); name {
			case "Seccomp":
				s.Seccomp = value
			case "NoNewPrivs":
				s.NoNewPrivs = value
			}
		}
		all = append(all, s)
	}
	return all
}

// stopAndContinue makes the kernel interrupt whatever the process waits in.
func stopAndContinue(t *testing.T, pid int) {
	t.Helper()
	for _, signal := range []unix.Signal{unix.SIGSTOP, unix.SIGCONT} {
		if err := unix.Kill(pid, signal); err != nil {
			t.Fatal(err)
		}
	}
}

const workDone = "done\n"

// job is what a process under a filter has opened before.
type job struct {
	kernel  *kernel.Kernel
	channel *channel.Channel
	log     *audit.Log
	dir     string
}

// work prepares everything, installs the filter and works.
func work(p Profile) error {
	j, err := prepare()
	if err != nil {
		return err
	}
	if p == E {
		if err := j.create("red", "blue"); err != nil {
			return err
		}
	}
	if err := confine(p); err != nil {
		return err
	}
	steps := []func() error{
		threadsDie, collect, wait, preempt, survive, j.converse, j.record, j.readPolicy, j.links, j.names,
	}
	if p >= N {
		steps = append(steps, j.pids)
	}
	if p == E {
		steps = append(steps, j.enter)
	}
	if p == C {
		steps = append(steps, func() error { return j.create("red", "blue") }, j.enter, j.pids, j.delete)
	}
	for _, step := range append(steps, threadsDie, collect) {
		if err := step(); err != nil {
			return err
		}
	}
	if _, err := unix.Write(1, []byte(workDone)); err != nil {
		return err
	}
	_, err = unix.Read(0, make([]byte, 1)) // the parent closes it
	return err
}

func prepare() (job, error) {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return job{}, err
	}
	if err := unix.Mount("tmpfs", "/run", "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=755"); err != nil {
		return job{}, err
	}
	dir := "/run/policy"
	if err := os.Mkdir(dir, 0o755); err != nil {
		return job{}, err
	}
	if err := os.WriteFile(dir+"/a", []byte("a line\n"), 0o644); err != nil {
		return job{}, err
	}
	k, err := kernel.New()
	if err != nil {
		return job{}, err
	}
	var pipe [2]int
	if err := unix.Pipe2(pipe[:], unix.O_CLOEXEC); err != nil {
		return job{}, err
	}
	c, err := channel.New(pipe[0], pipe[1])
	if err != nil {
		return job{}, err
	}
	fd, err := owners.Append("/run/audit")
	if err != nil {
		return job{}, err
	}
	return job{kernel: k, channel: c, dir: dir, log: audit.New(fd, audit.Record{})}, nil
}

// owners are who the files belong to also in a user namespace.
var owners = trust.Own(0, true)

// threadsDie starts threads that end with their goroutine.
func threadsDie() error {
	var group sync.WaitGroup
	for range 40 {
		group.Go(func() {
			runtime.LockOSThread()
			time.Sleep(time.Millisecond)
		})
	}
	group.Wait()
	return nil
}

func collect() error {
	var heap [][]byte
	for range 30 {
		heap = append(heap, bytes.Repeat([]byte{1}, 1<<20))
	}
	runtime.KeepAlive(heap)
	runtime.GC()
	debug.FreeOSMemory()
	return nil
}

func wait() error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	fired := make(chan struct{})
	time.AfterFunc(5*time.Millisecond, func() { close(fired) })
	time.Sleep(2 * time.Millisecond)
	<-fired
	<-ctx.Done()
	return nil
}

// preempt makes the runtime interrupt goroutines that do not yield.
func preempt() error {
	stop := time.Now().Add(100 * time.Millisecond)
	var group sync.WaitGroup
	for range 2 * runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for n := 0; n < 1<<30; n++ {
				if n%(1<<24) == 0 && time.Now().After(stop) {
					return
				}
			}
		})
	}
	for time.Now().Before(stop) {
		runtime.GC()
	}
	group.Wait()
	return nil
}

// survive recovers from a panic and from a fault.
func survive() error {
	recovered := func(f func()) (v any) {
		defer func() { v = recover() }()
		f()
		return nil
	}
	var nowhere *job
	faults := []any{recovered(func() { panic("defect") }), recovered(func() { nowhere.dir = "" })}
	if slices.Contains(faults, nil) {
		return fmt.Errorf("no panic: %v", faults)
	}
	return nil
}

// converse sends itself a message.
func (j job) converse() error {
	for range 3 {
		if ready, err := j.channel.Wait(time.Millisecond); ready || err != nil {
			return fmt.Errorf("ready %v, error %v", ready, err)
		}
		if err := j.channel.Write(protocol.AppendFrame(nil, []byte("message"))); err != nil {
			return err
		}
		if ready, err := j.channel.Wait(channel.Forever); !ready || err != nil {
			return fmt.Errorf("ready %v, error %v", ready, err)
		}
		if got, err := j.channel.Read(); err != nil || string(got) != "message" {
			return fmt.Errorf("%q, error %v", got, err)
		}
	}
	return nil
}

func (j job) record() error {
	return j.log.Write(audit.Record{Event: audit.Start, Message: "äöü"})
}

func (j job) readPolicy() error {
	if trust.StateOf(j.dir+"/a") == (trust.State{}) || trust.StateOf("/run/none") != (trust.State{}) {
		return errors.New("the state of the policy cannot be told")
	}
	text, _, err := owners.ReadFile(j.dir+"/a", 100)
	if err != nil || string(text) != "a line\n" {
		return fmt.Errorf("%q, error %w", text, err)
	}
	dir, err := owners.Dir(j.dir)
	if err != nil {
		return err
	}
	names, err := dir.Names(10)
	if err = errors.Join(err, dir.Close()); err != nil || !slices.Equal(names, []string{"a"}) {
		return fmt.Errorf("%q, error %w", names, err)
	}
	return nil
}

func (j job) task() *kernel.Task { return j.kernel.Begin(kernel.Sleep) }

// links resolves a name and dumps.
func (j job) links() error { return lookAround(j.task(), nil) }

func lookAround(t *kernel.Task, name *attr.NetNS) error {
	ns, err := t.In(name)
	if err != nil {
		return err
	}
	index, err := ns.Index("dev", "lo")
	if err != nil || ns.Name(index) != "lo" {
		return fmt.Errorf("lo has the index %d, error %v", index, err)
	}
	if _, err := ns.Index("dev", "none"); !errors.Is(err, unix.ENODEV) {
		return fmt.Errorf("a link that is not there: error %v", err)
	}
	var indexes []uint32
	err = ns.Dump(kernel.NewRequest(unix.RTM_GETLINK, 0, &rtnetlink.LinkMessage{}), func(m netlink.Message) error {
		indexes = append(indexes, binary.NativeEndian.Uint32(m.Data[4:]))
		return nil
	})
	if err != nil || !slices.Contains(indexes, index) {
		return fmt.Errorf("links %d, error %v", indexes, err)
	}
	return nil
}

// names lists namespaces.
func (j job) names() error {
	return j.task().EachNetns(func(e kernel.Entry) error {
		if !e.Valid {
			return fmt.Errorf("%s is no namespace", e.Name)
		}
		return nil
	})
}

// pids looks for processes in a namespace, if there is one.
func (j job) pids() error {
	err := j.task().EachPID("name", "red", func(pid uint32) error { return fmt.Errorf("process %d is in the namespace", pid) })
	if errors.Is(err, unix.ENOENT) {
		err = j.task().EachPID("name", attr.OwnNetNS, func(uint32) error { return nil })
	}
	return err
}

// enter acts in namespaces, also in more than there are sockets kept for.
func (j job) enter() error {
	for range 20 {
		for _, name := range []attr.NetNS{"red", "blue"} {
			if err := lookAround(j.task(), &name); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		time.Sleep(time.Millisecond)
		j.kernel.Idle()
	}
	return lookAround(j.task(), nil)
}

// create makes namespaces, the first one where there is no directory for them.
func (j job) create(names ...attr.NetNS) error {
	for _, name := range names {
		_, err := j.task().CreateNetns("name", name, func(ns *kernel.Netns) error {
			_, err := ns.Index("dev", "lo")
			return err
		})
		if err != nil {
			return err
		}
	}
	if _, err := j.task().CreateNetns("name", names[0], nil); !errors.Is(err, unix.EEXIST) {
		return fmt.Errorf("a name that is taken: error %v", err)
	}
	return nil
}

// delete removes namespaces, with and without a socket open in them.
func (j job) delete() error {
	refused := errors.New("refused")
	if _, err := j.task().DeleteNetns("name", "red", func(*kernel.Netns) error { return refused }); !errors.Is(err, refused) {
		return fmt.Errorf("a check that objects: error %v", err)
	}
	for _, name := range []attr.NetNS{"red", "blue"} {
		if _, err := j.task().DeleteNetns("name", name, nil); err != nil {
			return err
		}
		if _, err := j.task().Netns("name", name); !errors.Is(err, unix.ENOENT) {
			return fmt.Errorf("a name that is gone: error %v", err)
		}
	}
	return j.names()
}
