package test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// reachVariable holds the process that the test binary, executed as an ordinary
// user, tries to reach into, and after a slash the only way to try, if not all.
const reachVariable = "NETHELPER_TEST_REACH"

// reaches are the ways into another process that need no file of /proc.
var reaches = map[string]func(pid int) error{
	"ptrace attach": unix.PtraceAttach,
	"ptrace seize":  unix.PtraceSeize,
	"process_vm_readv": func(pid int) error {
		var b [8]byte
		local := []unix.Iovec{{Base: &b[0], Len: uint64(len(b))}}
		_, err := unix.ProcessVMReadv(pid, local, []unix.RemoteIovec{{Base: uintptr(unsafe.Pointer(&b)), Len: len(b)}}, 0)
		if errors.Is(err, unix.EFAULT) {
			return nil // allowed, but there is nothing at this address there
		}
		return err
	},
	"pidfd_getfd": func(pid int) error {
		pidfd, err := unix.PidfdOpen(pid, 0)
		if err != nil {
			return err
		}
		_, err = unix.PidfdGetfd(pidfd, 1, 0)
		return err
	},
	"pidfd_send_signal": func(pid int) error {
		pidfd, err := unix.PidfdOpen(pid, 0)
		if err != nil {
			return err
		}
		return unix.PidfdSendSignal(pidfd, unix.SIGCONT, nil, 0)
	},
	"prlimit": func(pid int) error {
		return unix.Prlimit(pid, unix.RLIMIT_FSIZE, &unix.Rlimit{}, nil)
	},
	"setpriority": func(pid int) error { return unix.Setpriority(unix.PRIO_PROCESS, pid, 19) },
	"affinity":    func(pid int) error { return unix.SchedSetaffinity(pid, &unix.CPUSet{1}) },
}

func init() {
	text, ok := os.LookupEnv(reachVariable)
	if !ok {
		return
	}
	runtime.LockOSThread() // whose ptrace it is
	number, only, _ := strings.Cut(text, "/")
	pid, err := strconv.Atoi(number)
	if err != nil {
		panic(err)
	}
	results := make(map[string]string)
	for name, reach := range reaches {
		if only == "" || only == name {
			results[name] = fmt.Sprint(reach(pid))
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(results); err != nil {
		panic(err)
	}
	os.Exit(0)
}

// reach has a user reach into another process, and returns what each way came to.
func (m *machine) reach(attacker person, target string) map[string]string {
	m.Helper()
	cmd := launch{person: attacker, Path: "/proc/self/exe", Env: []string{reachVariable + "=" + target}}.command()
	out, err := cmd.Output()
	m.must(err)
	results := make(map[string]string)
	m.must(json.Unmarshal(out, &results))
	return results
}

// Every way succeeds on a process of the same user that does not protect itself.
func TestSetuidReach(t *testing.T) {
	m := install(t, aliceMay)
	if scope, err := os.ReadFile("/proc/sys/kernel/yama/ptrace_scope"); err == nil && strings.TrimSpace(string(scope)) != "0" {
		t.Skipf("SKIPPED: this kernel restricts ptrace by itself, ptrace_scope %s", scope)
	}
	for name := range reaches {
		victim := launch{person: alice, Path: "/bin/sleep", Args: []string{"sleep", "60"}}.command()
		m.must(victim.Start())
		results := m.reach(alice, fmt.Sprintf("%d/%s", victim.Process.Pid, name))
		m.must(victim.Process.Kill())
		if err := victim.Wait(); err == nil {
			t.Error("the victim ended by itself")
		}
		if results[name] != fmt.Sprint(error(nil)) {
			t.Errorf("%s: %v", name, results)
		}
	}
}

// Neither the caller nor another user reaches into a helper, of whichever profile:
// it goes on as it was, and records what it does.
func TestSetuidOutOfReach(t *testing.T) {
	m := install(t, aliceMay+"grant user:carol addr.add netns=* dev=lo address=10.0.0.0/8\ngrant user:dave netns.create name=*\n")
	for profile, caller := range map[string]person{"none": bob, "N": alice, "E": carol, "C": dave} {
		c := m.spawn(launch{person: caller})
		if h := c.hello(); h.Error != nil || h.Profile != profile {
			t.Fatalf("profile %q, %v", h.Profile, h.Error)
		}
		pid := c.cmd.Process.Pid
		look := func() string {
			limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", pid))
			m.must(err)
			return c.status("TracerPid", "Uid", "CapEff", "Cpus_allowed", "Seccomp") + string(limits)
		}
		before := look()
		for _, attacker := range []person{caller, {UID: 61009, GID: 61009}} {
			results := m.reach(attacker, strconv.Itoa(pid))
			if len(results) != len(reaches) {
				t.Fatalf("tried %v", results)
			}
			for name, result := range results {
				if result != unix.EPERM.Error() {
					t.Errorf("uid %d on a helper of profile %s, %s: %s", attacker.UID, profile, name, result)
				}
			}
		}
		if after := look(); after != before {
			t.Errorf("profile %s: got\n%s\nwant\n%s", profile, after, before)
		}
		c.refused("addr.add dev=lo address=11.9.9.9/32", "denied")
		if code := c.hangUp(); code != 0 {
			t.Errorf("profile %s: exit code %d", profile, code)
		}
	}
	if n := strings.Count(m.audit(), `"event":"end"`); n != 4 {
		t.Errorf("%d helpers recorded their end, want 4", n)
	}
}
