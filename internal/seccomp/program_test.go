package seccomp

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// The program of each profile on each architecture decides as expected, whatever
// the number and the arguments.
func TestProgram(t *testing.T) {
	for _, arch := range slices.Sorted(maps.Keys(machines)) {
		for p := None; p <= C; p++ {
			t.Run(fmt.Sprintf("%s/%s", arch, p), func(t *testing.T) {
				t.Parallel()
				m, k := machines[arch], constantsOf(t, arch)
				rows := p.rows(table(m, testPID))
				program, err := assemble(m, rows)
				if err != nil {
					t.Fatal(err)
				}
				names := k.calls()
				allowed, denied := map[uint32]bool{}, 0
				for _, number := range numbersToTry() {
					name := names[number]
					c := call{number: number, audit: m.audit, pointer: 0x401000}
					ofCall := slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return r.call != name })
					corpus(ofCall, func(args [6]uint64) {
						c.args = args
						want := expected(arch, p, name, args)
						if got := verdict(t, program, c); got != want {
							t.Fatalf("%s (%d) %#x: allowed %v, want %v", name, number, args, got, want)
						}
						if want {
							allowed[number] = true
						} else {
							denied++
						}
					})
				}
				for _, r := range rows {
					if !allowed[m.numbers[r.call]] {
						t.Errorf("%s has never been allowed", r.call)
					}
				}
				if denied == 0 {
					t.Error("nothing has been denied")
				}
			})
		}
	}
}

// verdict runs a program that allows or kills.
func verdict(t testing.TB, program []unix.SockFilter, c call) bool {
	t.Helper()
	action, err := run(program, c)
	if err != nil {
		t.Fatal(err)
	}
	switch action {
	case 0x7fff0000: // SECCOMP_RET_ALLOW
		return true
	case 0x80000000: // SECCOMP_RET_KILL_PROCESS
		return false
	}
	t.Fatalf("action %#x", action)
	return false
}

// A call of another architecture is killed, also if its number is one that the
// table allows.
func TestForeignArchitecture(t *testing.T) {
	foreign := []uint32{
		0, 0xffffffff, unix.AUDIT_ARCH_I386, unix.AUDIT_ARCH_X86_64, unix.AUDIT_ARCH_ARM, unix.AUDIT_ARCH_AARCH64,
		unix.AUDIT_ARCH_RISCV64, unix.AUDIT_ARCH_X86_64 ^ 1<<30,
	}
	for arch, m := range machines {
		program, err := assemble(m, table(m, testPID))
		if err != nil {
			t.Fatal(err)
		}
		for _, audit := range foreign {
			for _, number := range numbersToTry() {
				if audit != m.audit && verdict(t, program, call{number: number, audit: audit}) {
					t.Errorf("%s: call %d of architecture %#x is allowed", arch, number, audit)
				}
			}
		}
		if !verdict(t, program, call{number: m.numbers["read"], audit: m.audit}) {
			t.Errorf("%s: read is not allowed", arch)
		}
	}
}

// Code that no conditional jump can pass is passed.
func TestLongJump(t *testing.T) {
	var values []uint64
	for v := range uint64(16) {
		values = append(values, v<<32|v)
	}
	m := machine{audit: 1, numbers: map[string]uint32{"long": 7, "next": 8}}
	program, err := assemble(m, []row{
		{None, "long", when(is(1, "", values...), is(5, "", values...)), ""},
		{None, "next", nil, ""},
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(program, func(in unix.SockFilter) bool { return in.Code == unix.BPF_JMP|unix.BPF_JA }) {
		t.Fatalf("%d instructions without a long jump", len(program))
	}
	for v := range uint64(18) {
		for w := range uint64(18) {
			c := call{number: 7, audit: 1, args: [6]uint64{1: v<<32 | v, 5: w<<32 | w}}
			if got, want := verdict(t, program, c), v < 16 && w < 16; got != want {
				t.Errorf("%d, %d: allowed %v, want %v", v, w, got, want)
			}
		}
	}
	if !verdict(t, program, call{number: 8, audit: 1}) || verdict(t, program, call{number: 9, audit: 1}) {
		t.Error("the calls behind it are judged wrongly")
	}
}

// The kernel's limit is an error before the kernel says so.
func TestTooLong(t *testing.T) {
	values := make([]uint64, unix.BPF_MAXINSNS)
	m := machine{numbers: map[string]uint32{"long": 7}}
	if _, err := assemble(m, []row{{None, "long", when(is(0, "", values...)), ""}}); err == nil {
		t.Error("no error")
	}
}

// Every call of the table has the number that x/sys/unix gives it, and no number
// is there without a row.
func TestNumbers(t *testing.T) {
	for arch, m := range machines {
		k := constantsOf(t, arch)
		rows := table(m, testPID)
		for _, r := range rows {
			if got, want := uint64(m.numbers[r.call]), k.get(t, "SYS_"+strings.ToUpper(r.call)); got != want {
				t.Errorf("%s: %s is %d, want %d", arch, r.call, got, want)
			}
		}
		for name := range m.numbers {
			if !slices.ContainsFunc(rows, func(r row) bool { return r.call == name }) {
				t.Errorf("%s: %s has a number and no row", arch, name)
			}
		}
	}
}

// What a person reads of a condition is what it compares with.
func TestText(t *testing.T) {
	for arch, m := range machines {
		k := constantsOf(t, arch)
		ours := map[string]uint64{
			"FUTEX_WAIT_PRIVATE":       0x80,
			"FUTEX_WAKE_PRIVATE":       0x81,
			"the flags of a Go thread": threadFlags[arch],
			"getpid()":                 testPID,
		}
		value := func(text string) uint64 {
			if v, ok := ours[text]; ok {
				return v
			}
			return k.get(t, text)
		}
		for _, r := range table(m, testPID) {
			for _, c := range r.when {
				var want condition
				if text, ok := strings.CutPrefix(c.text, "within "); ok {
					want = within(c.arg, text, value(text))
				} else if text, ok := strings.CutPrefix(c.text, "has "); ok {
					want = has(c.arg, text, value(text))
				} else {
					var values []uint64
					for _, text := range strings.Split(c.text, " or ") {
						values = append(values, value(text))
					}
					want = is(c.arg, c.text, values...)
				}
				if c.mask != want.mask || !slices.Equal(c.values, want.values) {
					t.Errorf("%s: %s: %q is compared with %#x under %#x", arch, r.call, c.text, c.values, c.mask)
				}
			}
		}
	}
}

// Each profile has what those before it have.
func TestDescribe(t *testing.T) {
	for p := None; p <= C; p++ {
		var want []string
		for _, line := range strings.Split(strings.TrimSpace(Describe(C)), "\n") {
			from, _, _ := strings.Cut(line, " ")
			if least, err := ProfileNamed(from); err != nil {
				t.Fatal(err)
			} else if least <= p {
				want = append(want, strings.Join(strings.Fields(line), " "))
			}
		}
		var got []string
		for line := range strings.Lines(Describe(p)) {
			got = append(got, strings.Join(strings.Fields(line), " "))
		}
		if len(got) == 0 || !slices.Equal(got, want) {
			t.Errorf("%s: got\n%s\nwant\n%s", p, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	const line = "none socket(AF_NETLINK, SOCK_RAW|SOCK_CLOEXEC|SOCK_NONBLOCK, NETLINK_ROUTE) "
	if text := strings.Join(strings.Fields(Describe(None)), " "); !strings.Contains(text, line) {
		t.Errorf("no line begins with %q", line)
	}
}

func TestProfileNames(t *testing.T) {
	for _, name := range []string{"none", "N", "E", "C"} {
		p, err := ProfileNamed(name)
		if err != nil || p.String() != name {
			t.Errorf("%s: got %s and error %v", name, p, err)
		}
	}
	for _, name := range []string{"", "n", "None", "D"} {
		if _, err := ProfileNamed(name); err == nil {
			t.Errorf("%q is a profile", name)
		}
	}
	for _, p := range []Profile{-1, C + 1} {
		if _, err := Program(p); err == nil {
			t.Errorf("%s has a program", p)
		}
	}
}
