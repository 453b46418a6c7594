package ops

import (
	"encoding/json"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"nethelper/internal/kernel"
	"nethelper/internal/sandbox"
	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// TestMain executes the test binary again in a network namespace of its own; an
// ordinary user gets a user namespace besides, in which it is root. Fuzzing has
// processes of its own and needs neither.
func TestMain(m *testing.M) {
	fuzzing := slices.ContainsFunc(os.Args, func(arg string) bool { return strings.HasPrefix(arg, "-test.fuzz") })
	if !sandbox.Inside() && !fuzzing {
		os.Exit(sandbox.Again(unix.CLONE_NEWNET))
	}
	os.Exit(m.Run())
}

// enterNetns gives the test a network namespace of its own. The test keeps its
// thread, which ends with it.
func enterNetns(t *testing.T) {
	t.Helper()
	runtime.LockOSThread()
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		t.Fatal(err)
	}
}

// newNetns returns a network namespace of the test's own, with links lab0 and
// lab1 made by ip(8).
func newNetns(t *testing.T) *kernel.Netns {
	t.Helper()
	enterNetns(t)
	ns := ownResolver(t).ns
	ip(t, `
		link set lo up
		link add lab0 type veth peer name lab1
		link set lab0 addrgenmode none
		link set lab1 addrgenmode none
		link set lab0 up
		link set lab1 up
		address add 10.0.0.1/24 dev lab0
		address add 10.0.1.1/24 dev lab1
		address add fd00::1/64 dev lab0 nodad
		address add fd00:1::1/64 dev lab1 nodad`)
	awaitRoutes(t)
	return ns
}

// awaitRoutes waits for the routes that the kernel makes for IPv6 addresses in its
// own time.
func awaitRoutes(t *testing.T) {
	t.Helper()
	await(t, "-6 route show table local", "local fd00::1 ", "local fd00:1::1 ")
}

// await waits until what ip(8) prints has all the texts in it.
func await(t *testing.T, command string, texts ...string) {
	t.Helper()
	var out []byte
	for range 300 {
		var err error
		if out, err = exec.Command("ip", strings.Fields(command)...).Output(); err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(texts, func(text string) bool { return !strings.Contains(string(out), text) }) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("ip %s never shows %q:\n%s", command, texts, out)
}

// ip runs commands of ip(8), which may have flags before, in the namespace of the
// test.
func ip(t *testing.T, commands string, flags ...string) {
	t.Helper()
	cmd := exec.Command("ip", append(flags, "-batch", "-")...)
	cmd.Stdin = strings.NewReader(commands)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("ip: %v\n%s", err, out)
	}
}

// paramsOf reads the words of a request into a new P and checks them.
func paramsOf[P any](t testing.TB, op *Op, words string) *P {
	t.Helper()
	params, err := readParams(op, words)
	if err != nil {
		t.Fatalf("%s %s: %v", op.Name, words, err)
	}
	return params.(*P)
}

func readParams(op *Op, words string) (any, error) {
	params := op.NewParams()
	for _, word := range strings.Fields(words) {
		name, text, _ := strings.Cut(word, "=")
		if err := attr.Set(op.Attrs(), params, name, text); err != nil {
			return nil, err
		}
	}
	return params, op.Check(params)
}

// refuses checks that the operation refuses a request of the words, with an error
// about the attribute, or about none in particular.
func refuses(t *testing.T, op *Op, words, attrName string) {
	t.Helper()
	_, err := readParams(op, words)
	if err == nil {
		t.Errorf("%s %s is accepted", op.Name, words)
	} else if got := Invalid(err).Attr; got != attrName {
		t.Errorf("%s %s: %v is about %q, want %q", op.Name, words, err, got, attrName)
	}
}

// object is an object in the output of ip(8).
type object = map[string]any

// ipList returns what ip(8) lists.
func ipList(t *testing.T, args ...string) (list []object) {
	t.Helper()
	out, err := exec.Command("ip", append([]string{"-json", "-details"}, args...)...).Output()
	if err != nil {
		t.Fatalf("ip %v: %v", args, err)
	}
	if err := json.Unmarshal(out, &list); err != nil {
		t.Fatalf("ip %v: %v", args, err)
	}
	return list
}

// inJSON returns v as reading it from JSON gives it.
func inJSON(t *testing.T, v any) (list []object) {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// ownResolver resolves in the namespace of the test, where lo has the index 1.
func ownResolver(t *testing.T) *resolver {
	t.Helper()
	k, err := kernel.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := k.Close(); err != nil {
			t.Error(err)
		}
	})
	task := k.Begin(kernel.Sleep)
	ns, err := task.In(nil)
	if err != nil {
		t.Fatal(err)
	}
	at := &resolver{t: task, ns: ns}
	t.Cleanup(at.close)
	return at
}

func addr(text string) *attr.Addr { return &attr.Addr{Addr: netip.MustParseAddr(text)} }

func prefix(text string) attr.Prefix { return attr.Prefix{Prefix: netip.MustParsePrefix(text)} }
