package protocol

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"testing/iotest"
)

// vectors calls check for each line of a file of test vectors.
func vectors(t testing.TB, file string, check func(t *testing.T, data []byte, outcome string)) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		body, _, _ := strings.Cut(line, "#")
		words := strings.Fields(body)
		if len(words) == 1 {
			words = []string{"", words[0]}
		}
		if len(words) == 0 {
			continue
		}
		data, err := hex.DecodeString(words[0])
		if err != nil {
			t.Fatalf("%s: %s: %v", file, words[0], err)
		}
		switch t := t.(type) {
		case *testing.T:
			t.Run(strings.TrimSpace(line), func(t *testing.T) { check(t, data, words[1]) })
		case *testing.F:
			t.Add(data)
		}
	}
}

func TestFrames(t *testing.T) {
	vectors(t, "testdata/frames.txt", func(t *testing.T, data []byte, want string) {
		got := "message"
		message, err := Read(bytes.NewReader(data), MaxRequest)
		var frame *FrameError
		switch {
		case errors.Is(err, io.EOF):
			got = "end"
		case errors.As(err, &frame):
			got = "malformed"
		case err != nil:
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%s: %v, want %s", got, err, want)
		}
		if got == "message" && !bytes.Equal(AppendFrame(nil, message), data) {
			t.Errorf("written back: %x", AppendFrame(nil, message))
		}
	})
}

func TestRequests(t *testing.T) {
	vectors(t, "testdata/requests.txt", func(t *testing.T, data []byte, want string) {
		got := "request"
		if err := new(Request).Decode(data); err != nil {
			got = "malformed"
		}
		if got != want {
			t.Errorf("%s, want %s: %s", got, want, Diagnose(data))
		}
	})
}

// TestReadErrors checks that an error of the channel is told apart from bytes
// that are no frame.
func TestReadErrors(t *testing.T) {
	broken := errors.New("broken")
	for _, head := range []string{"", "\x58", "\x43a"} {
		_, err := Read(io.MultiReader(strings.NewReader(head), iotest.ErrReader(broken)), MaxRequest)
		if !errors.Is(err, broken) {
			t.Errorf("after %q: %v", head, err)
		}
	}
	// Bytes may come one at a time.
	message, err := Read(iotest.OneByteReader(strings.NewReader("\x58\x20"+strings.Repeat("x", 32))), MaxRequest)
	if err != nil || len(message) != 32 {
		t.Errorf("byte by byte: %q, %v", message, err)
	}
}

// TestReadAllocates checks that what a frame claims to be is not allocated.
func TestReadAllocates(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 100 {
		if _, err := Read(strings.NewReader("\x5a\x7f\xff\xff\xff"), MaxRequest); err == nil {
			t.Fatal("2 GiB accepted")
		}
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > MaxRequest {
		t.Errorf("100 frames over the limit allocated %d bytes", n)
	}
}

func TestWrite(t *testing.T) {
	for _, n := range []int{1, 23, 24, 255, 256, MaxReply} {
		var b bytes.Buffer
		if err := Write(&b, make([]byte, n)); err != nil {
			t.Fatal(err)
		}
		if message, err := Read(&b, MaxReply); err != nil || len(message) != n || b.Len() != 0 {
			t.Errorf("%d bytes: read %d, %v, left %d", n, len(message), err, b.Len())
		}
	}
}

func TestError(t *testing.T) {
	err := error(&Error{Code: Exists, Errno: uint32(syscall.EEXIST), Attr: "address", Message: "already there"})
	if !errors.Is(err, fs.ErrExist) {
		t.Error("EEXIST is not fs.ErrExist")
	}
	if !errors.Is(err, &Error{Code: Exists}) || errors.Is(err, &Error{Code: Kernel}) {
		t.Error("errors.Is by code")
	}
	if got, want := err.Error(), "exists: address: already there (file exists)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// FuzzRead: whatever Read accepts, AppendFrame reproduces and Cut accepts, and
// whatever DecodeRequest accepts, Marshal reproduces, byte for byte.
func FuzzRead(f *testing.F) {
	vectors(f, "testdata/frames.txt", nil)
	vectors(f, "testdata/requests.txt", nil)
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bytes.NewReader(data)
		message, err := Read(r, MaxRequest)
		cut, rest, failed := Cut(data, MaxRequest)
		switch ends := len(data) == 0 || err == ErrTruncated; {
		case ends && (cut != nil || failed != nil):
			t.Errorf("read %v, cut %x, %v", err, cut, failed)
		case !ends && (!bytes.Equal(cut, message) || fmt.Sprint(failed) != fmt.Sprint(err)):
			t.Errorf("read %x, %v, cut %x, %v", message, err, cut, failed)
		case len(rest) != r.Len() && err == nil:
			t.Errorf("read leaves %d bytes, cut %d", r.Len(), len(rest))
		}
		if err == nil {
			if got, want := AppendFrame(nil, message), data[:len(data)-r.Len()]; !bytes.Equal(got, want) {
				t.Errorf("read %x, written back %x", want, got)
			}
			if len(message) > MaxRequest {
				t.Errorf("%d bytes accepted", len(message))
			}
		}
		if request := new(Request); request.Decode(data) == nil {
			if again, err := Marshal(request); err != nil || !bytes.Equal(again, data) {
				t.Errorf("decoded %x, encoded %x, %v", data, again, err)
			}
		}
	})
}

// TestErrorsArePlain checks that nothing of how a message is held here is told.
func TestErrorsArePlain(t *testing.T) {
	type params struct {
		MTU  uint16 `cbor:"mtu,omitempty"`
		Name string `cbor:"name"`
	}
	for encoded, want := range map[string]string{
		"a1646e616d6501":                   `"name" takes no positive integer, or not this one`,
		"a2636d74751a00010000646e616d6560": `"mtu" takes no positive integer, or not this one`,
		"80":                               "no array belongs there, or not this one",
		"a2646e616d6560646e616d6560":       "a key that is there twice",
		"a2636f646401646e616d6560":         "a key that is not known",
		"a1646e616d65":                     "unexpected EOF",
	} {
		data, err := hex.DecodeString(encoded)
		if err != nil {
			t.Fatal(err)
		}
		err = Unmarshal(data, new(params))
		if err == nil || want != "" && err.Error() != want {
			t.Errorf("%s: %v, want %s", Diagnose(data), err, want)
		}
		if err != nil && (strings.Contains(err.Error(), "Go ") || strings.Contains(err.Error(), "params") || strings.Contains(err.Error(), "uint")) {
			t.Errorf("%s: %v", Diagnose(data), err)
		}
	}
}
