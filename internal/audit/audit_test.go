package audit

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// open returns a log on a new file, and the file's path.
func open(t testing.TB, identity Record) (*Log, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "audit.log")
	fd, err := unix.Open(path, unix.O_WRONLY|unix.O_CREAT|unix.O_APPEND|unix.O_CLOEXEC, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	return New(fd, identity), path
}

func lines(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.SplitAfter(strings.TrimSuffix(string(text), "\n"), "\n")
}

func TestRecord(t *testing.T) {
	log, path := open(t, Record{Helper: 812, UID: 1001, GID: 1002, PID: 811})
	before := time.Now()
	if err := log.Write(Record{
		Verdict: Deny, Event: Decide, Seq: 3, Call: "addr.add dev=lab0 address=10.42.7.1/8",
		Grant: "policy:1", Code: "denied", Attr: "address", Message: "want 10.42.0.0/16", Policy: "00ff",
	}); err != nil {
		t.Fatal(err)
	}
	line := lines(t, path)[0]

	var members map[string]any
	if err := json.Unmarshal([]byte(line), &members); err != nil {
		t.Fatalf("%v in %s", err, line)
	}
	at, err := time.Parse(time.RFC3339Nano, members["time"].(string))
	if err != nil || at.Before(before.Round(0)) || at.After(time.Now()) || !strings.HasSuffix(members["time"].(string), "Z") {
		t.Errorf("time %v (%v)", members["time"], err)
	}
	line = strings.Replace(line, members["time"].(string), "TIME", 1)
	want := `{"verdict":"deny","event":"decide","time":"TIME","helper":812,"seq":3,"uid":1001,"gid":1002,"pid":811,` +
		`"call":"addr.add dev=lab0 address=10.42.7.1/8","grant":"policy:1",` +
		`"code":"denied","attr":"address","message":"want 10.42.0.0/16","policy":"00ff"}`
	if line != want {
		t.Errorf("got  %s\nwant %s", line, want)
	}
}

// One record is one line of printable ASCII, whatever a caller puts into it.
func TestOneLine(t *testing.T) {
	hostile := "a\nb\r\x00\x1b[2J\x7f\u0085\u2028\u2029\u202e\U0001f600\xff\"\\<"
	log, path := open(t, Record{})
	for range 2 {
		if err := log.Write(Record{Verdict: Error, Event: Decide, Op: hostile, Message: hostile}); err != nil {
			t.Fatal(err)
		}
	}
	all := lines(t, path)
	if len(all) != 2 {
		t.Fatalf("%d lines, want 2", len(all))
	}
	for _, c := range []byte(strings.TrimSuffix(all[0], "\n")) {
		if c < ' ' || c > '~' {
			t.Errorf("byte %#x in %s", c, all[0])
		}
	}
	var back Record
	if err := json.Unmarshal([]byte(all[0]), &back); err != nil {
		t.Fatal(err)
	}
	if want := strings.ToValidUTF8(hostile, "\ufffd"); back.Op != want {
		t.Errorf("reads back as %q, want %q", back.Op, want)
	}
}

func TestBound(t *testing.T) {
	log, path := open(t, Record{})
	if err := log.Write(Record{Event: Decide, Op: strings.Repeat("x", 60<<10), Message: strings.Repeat("\x01", 60<<10)}); err != nil {
		t.Fatal(err)
	}
	if n := len(lines(t, path)[0]); n > 10*textMax {
		t.Errorf("a line of %d bytes", n)
	}
}

// A record that does not fit the file is an error, and so is every one after it.
func TestFull(t *testing.T) {
	log, _ := open(t, Record{})
	limit(t, 4096)
	written := 0
	var err error
	for err == nil && written < 10 {
		if err = log.Write(Record{Event: Decide, Call: strings.Repeat("x", 1000)}); err == nil {
			written++
		}
	}
	if written != 3 || !errors.Is(err, ErrUnwritten) {
		t.Errorf("%d records, then %v", written, err)
	}
	if err := log.Write(Record{Event: Decide}); !errors.Is(err, ErrUnwritten) {
		t.Errorf("a record into a full file: %v", err)
	}
}

// A line that was cut short does not spoil the record after it.
func TestTorn(t *testing.T) {
	log, path := open(t, Record{})
	if err := log.Write(Record{Event: Decide, Seq: 1}); err != nil {
		t.Fatal(err)
	}
	limit(t, uint64(len(lines(t, path)[0]))+20)
	if err := log.Write(Record{Event: Decide, Seq: 2}); !errors.Is(err, ErrUnwritten) {
		t.Errorf("a record beyond the limit: %v", err)
	}
	limit(t, 1<<20)
	if err := log.Write(Record{Event: Decide, Seq: 3}); err != nil {
		t.Fatal(err)
	}
	all := lines(t, path)
	var last Record
	if err := json.Unmarshal([]byte(all[len(all)-1]), &last); err != nil || last.Seq != 3 {
		t.Errorf("the last line is %s: %v", all[len(all)-1], err)
	}
}

// limit bounds the size of the files that the test writes, until it ends.
func limit(t *testing.T, size uint64) {
	t.Helper()
	var l unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &l); err != nil {
		t.Fatal(err)
	}
	before := l
	l.Cur = min(size, l.Max)
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &l); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &before); err != nil {
			t.Error(err)
		}
	})
}

// What is written reads back as the record, whichever members it has, and no member
// of the type is forgotten.
func TestReadsBack(t *testing.T) {
	log, path := open(t, Record{Helper: 1, UID: 2, GID: 3, PID: 4})
	records := []Record{{Event: End}, filled(t)}
	if err := log.Write(records...); err != nil {
		t.Fatal(err)
	}
	for i, line := range lines(t, path) {
		decoder := json.NewDecoder(strings.NewReader(line))
		decoder.DisallowUnknownFields()
		var back Record
		if err := decoder.Decode(&back); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		back.Time = records[i].Time
		if diff := cmp.Diff(records[i], back); diff != "" {
			t.Errorf("%s:\n%s", line, diff)
		}
	}
}

// filled returns a record all of whose members are there.
func filled(t *testing.T) Record {
	t.Helper()
	r := Record{
		Groups: []uint32{0, 7}, Links: []Link{{"a", 1}, {"b\u00fc\U0001f600", 4294967295}}, Repaired: []string{"x", "y\n"},
		Landlock: 7, Errno: 13, Seq: 18446744073709551615, Netns: 9,
	}
	for v, i := reflect.ValueOf(&r).Elem(), 0; i < v.NumField(); i++ {
		switch f := v.Field(i); {
		case f.Kind() == reflect.String:
			f.SetString("<" + v.Type().Field(i).Name + ">\u2028\x01")
		case f.IsZero() && !slices.Contains([]string{"Time", "Helper", "UID", "GID", "PID"}, v.Type().Field(i).Name):
			t.Errorf("the test says nothing of %s", v.Type().Field(i).Name)
		}
	}
	return r
}

// The lines of a lot cost no memory once there is room for them.
func TestAllocations(t *testing.T) {
	log, _ := open(t, Record{Helper: 1})
	lot := []Record{{Event: Decide, Verdict: Allow, Call: "a.b c=d"}, {Event: Done, Verdict: Allow, Call: "a.b c=d", Links: []Link{{"a", 1}}}}
	if n := testing.AllocsPerRun(100, func() {
		if err := log.Write(lot...); err != nil {
			t.Error(err)
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
