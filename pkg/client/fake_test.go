package client

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"nethelper/internal/poll"
	"nethelper/pkg/ops"
	"nethelper/pkg/protocol"
)

// fakeWord is the first argument of the test binary that is to play a helper.
const fakeWord = "fake-helper"

// A fake is a process that speaks the protocol, or fails to. It is started as
// TEST-BINARY fake-helper DIR BEHAVIOUR... The behaviours are those of the first
// and the following starts; the last goes for all later ones.
type fake struct {
	r     *bufio.Reader
	start int // number of this start, from 1
}

// starts lists the helpers that were started: each leaves a file in dir.
func starts(t *testing.T, dir string) int {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

func runFake(dir string, names []string) {
	f := &fake{r: bufio.NewReader(os.Stdin)}
	for f.start = 1; ; f.start++ {
		file, err := os.OpenFile(filepath.Join(dir, fmt.Sprint(f.start)), os.O_CREATE|os.O_EXCL, 0o600)
		if err == nil {
			file.Close()
			break
		}
	}
	behaviours[names[min(f.start, len(names))-1]](f)
	syscall.Exit(0)
}

// newFake returns a client of fakes with the given behaviours, and the folder
// that [starts] counts in.
func newFake(t *testing.T, change func(*Client), names ...string) (*Client, string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	c := New(Config{Path: self, Args: append([]string{fakeWord, dir}, names...), Stderr: t.Output()})
	c.limits.exit = 2 * time.Second
	if change != nil {
		change(c)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c, dir
}

// A label is what the fakes take and give.
type label struct {
	N    int    `cbor:"n"`
	Text string `cbor:"text,omitempty"`
}

var (
	// echo returns its argument.
	echo = ops.Operation[label, label]{Op: &ops.Op{Name: "test.echo"}}
	// count lists N labels with the text.
	count = ops.Listing[label, label]{Op: &ops.Op{Name: "test.count", List: true}}
)

// behaviours are what a fake can do. One that returns ends with status 0.
var behaviours = map[string]func(*fake){
	"serve": func(f *fake) {
		f.hello()
		f.serve(nil)
	},
	"slow": func(f *fake) {
		f.hello()
		f.serve(func(req protocol.Request) { time.Sleep(300 * time.Millisecond) })
	},
	"slow-lists": func(f *fake) {
		f.hello()
		f.serve(func(req protocol.Request) {
			if req.Op == count.Name {
				time.Sleep(50 * poll.TryTime)
			}
		})
	},
	"serve-once": func(f *fake) {
		f.hello()
		f.answer(f.request())
	},
	"endless": func(f *fake) {
		f.hello()
		items := slices.Repeat([]protocol.Raw{encode(label{})}, 10_000)
		frame := protocol.AppendFrame(nil, encode(protocol.Reply{ID: f.request().ID, Items: items, More: true}))
		for {
			if _, err := os.Stdout.Write(frame); err != nil {
				syscall.Exit(1)
			}
		}
	},
	"die-after-hello": func(f *fake) { f.hello() },
	"die-in-request": func(f *fake) {
		f.hello()
		f.request()
		fmt.Fprint(os.Stderr, "first line\nlast \x1b[31mline\n\n")
		syscall.Exit(7)
	},
	"killed-in-request": func(f *fake) {
		f.hello()
		f.request()
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
	},
	"die-before-hello": func(f *fake) { syscall.Exit(2) },
	"silent":           func(f *fake) { io.Copy(io.Discard, f.r) },
	"deaf": func(f *fake) {
		f.hello()
		time.Sleep(time.Hour)
	},
	"closed-ear": func(f *fake) {
		os.Stdin.Close()
		f.hello()
		time.Sleep(time.Hour)
	},
	"unavailable": func(f *fake) {
		f.say(protocol.Hello{Version: protocol.Version, Build: "fake",
			Error: &protocol.Error{Code: protocol.Unavailable, Message: "no privilege: nosuid"}})
		syscall.Exit(77)
	},
	"other-version": func(f *fake) {
		f.say(map[string]any{"nethelper": 2, "tomorrow": "knows"})
		io.Copy(io.Discard, f.r)
	},
	"no-hello": func(f *fake) { f.say(protocol.Reply{ID: 1}) },
	"garbage": func(f *fake) {
		f.hello()
		f.request()
		os.Stdout.WriteString("panic: not CBOR")
		io.Copy(io.Discard, f.r)
	},
	"huge": func(f *fake) {
		f.hello()
		f.request()
		os.Stdout.Write([]byte{0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
		io.Copy(io.Discard, f.r)
	},
	"half": func(f *fake) {
		f.hello()
		f.request()
		frame := protocol.AppendFrame(nil, slices.Repeat([]byte{0}, 100))
		os.Stdout.Write(frame[:50])
	},
	"not-strict": func(f *fake) {
		f.hello()
		f.request()
		protocol.Write(os.Stdout, []byte{0xa1, 0x62, 'i', 'd', 0x18, 0x01}) // id in the long form
		io.Copy(io.Discard, f.r)
	},
	"wrong-id": func(f *fake) {
		f.hello()
		req := f.request()
		f.say(protocol.Reply{ID: req.ID + 1, Result: req.Params})
		io.Copy(io.Discard, f.r)
	},
	"twice": func(f *fake) {
		f.hello()
		req := f.request()
		f.say(protocol.Reply{ID: req.ID, Result: req.Params})
		f.say(protocol.Reply{ID: req.ID, Result: req.Params})
		io.Copy(io.Discard, f.r)
	},
	"malformed": func(f *fake) {
		f.hello()
		f.request()
		f.say(protocol.Reply{Error: &protocol.Error{Code: protocol.Malformed, Message: "not a request"}})
	},
	"refuse": func(f *fake) {
		f.hello()
		for {
			req := f.request()
			f.say(protocol.Reply{ID: req.ID, Error: &protocol.Error{
				Code: protocol.Exists, Errno: uint32(syscall.EEXIST), Attr: "address", Message: "address already assigned"}})
		}
	},
	"unchanged": func(f *fake) {
		f.hello()
		for {
			f.say(protocol.Reply{ID: f.request().ID, Result: encode(ops.Done{Changed: false})})
		}
	},
	"processes": func(f *fake) {
		f.hello()
		for {
			f.say(protocol.Reply{ID: f.request().ID, Items: []protocol.Raw{encode(ops.Process{PID: 7}), encode(ops.Process{PID: 8})}})
		}
	},
	"interrupted-twice": func(f *fake) {
		f.hello()
		for n := 0; ; n++ {
			req := f.request()
			if n < 2 {
				f.say(protocol.Reply{ID: req.ID, Items: []protocol.Raw{encode(label{N: n})}, More: true})
				f.say(protocol.Reply{ID: req.ID, Error: &protocol.Error{Code: protocol.Inconsistent}})
			} else {
				f.answer(req)
			}
		}
	},
	"result-for-list": func(f *fake) {
		f.hello()
		for {
			req := f.request()
			f.say(protocol.Reply{ID: req.ID, Result: req.Params})
		}
	},
	"small-limit": func(f *fake) {
		f.say(protocol.Hello{Version: protocol.Version, Build: "fake", Limits: &protocol.Limits{Request: 100, Reply: 100}})
		f.serve(nil)
	},
}

func (f *fake) hello() {
	f.say(protocol.Hello{Version: protocol.Version, Build: fmt.Sprintf("fake %d", f.start)})
}

func (f *fake) say(message any) {
	if err := protocol.Write(os.Stdout, encode(message)); err != nil {
		syscall.Exit(1)
	}
}

// request reads a request; the fake ends when there are no more.
func (f *fake) request() protocol.Request {
	message, err := protocol.Read(f.r, protocol.MaxRequest)
	if err == io.EOF {
		syscall.Exit(0)
	}
	var req protocol.Request
	if err == nil {
		err = protocol.Unmarshal(message, &req)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "fake:", err)
		syscall.Exit(1)
	}
	return req
}

func (f *fake) serve(before func(protocol.Request)) {
	for {
		req := f.request()
		if before != nil {
			before(req)
		}
		f.answer(req)
	}
}

func (f *fake) answer(req protocol.Request) {
	if req.Op == echo.Name {
		f.say(protocol.Reply{ID: req.ID, Result: req.Params})
		return
	}
	var l label
	if err := protocol.Unmarshal(req.Params, &l); err != nil {
		panic(err)
	}
	var items []protocol.Raw
	for i := range l.N {
		if items = append(items, encode(label{N: i, Text: l.Text})); len(items)*(len(l.Text)+16) > 32<<10 {
			f.say(protocol.Reply{ID: req.ID, Items: items, More: true})
			items = nil
		}
	}
	f.say(protocol.Reply{ID: req.ID, Items: items})
}

func encode(v any) []byte {
	b, err := protocol.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

var longText = strings.Repeat("x", 1000)
