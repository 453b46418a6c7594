package test

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// What the caller left in an odd state is put right, and said.
func TestSetuidInherited(t *testing.T) {
	m := install(t, aliceMay)
	m.must(os.Mkdir("/run/here", 0o755))
	c := m.spawn(launch{
		person: alice, Dir: "/run/here", Umask: 0o777,
		Blocked: []syscall.Signal{unix.SIGTERM, unix.SIGUSR1, unix.SIGURG, unix.SIGALRM},
		Pending: []syscall.Signal{unix.SIGURG, unix.SIGALRM},
		Ignored: []syscall.Signal{unix.SIGUSR2, unix.SIGCHLD, unix.SIGPROF},
		Timers:  map[unix.ItimerWhich]time.Duration{unix.ITIMER_REAL: time.Hour, unix.ITIMER_VIRTUAL: time.Hour, unix.ITIMER_PROF: time.Hour},
		Nice:    19, Idle: true, NoExecMem: true,
		Slack: 3 * time.Second, Personality: 0x0040000 | 0x0020000, // ADDR_NO_RANDOMIZE, UNAME26
	}).greeted()
	proc := func(name string) string {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", c.cmd.Process.Pid, name))
		m.must(err)
		return string(text)
	}
	const none = "0000000000000000"
	if got := c.status("SigBlk", "SigPnd", "ShdPnd", "Umask"); got != "Umask 0077\nSigPnd "+none+"\nShdPnd "+none+"\nSigBlk "+none {
		t.Error(got)
	}
	c.scheduledAsUsual()
	for name, want := range map[string]string{"timerslack_ns": "50000\n", "personality": "00000000\n"} {
		if got := proc(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if cwd, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", c.cmd.Process.Pid)); err != nil || cwd != "/" {
		t.Errorf("working directory %s, %v", cwd, err)
	}
	limits := proc("limits")
	for _, want := range []string{
		"Max core file size        0                    0 ",
		"Max open files            256                  256 ",
		"Max file size             unlimited            unlimited ",
	} {
		if !strings.Contains(limits, want) {
			t.Errorf("limits want %q:\n%s", want, limits)
		}
	}
	if log, want := m.audit(), `"repaired":["blocked signals","a running timer","a timer slack of 3s","scheduling policy 5, nice 19","personality 0x20000"]`; !strings.Contains(log, want) {
		t.Errorf("want %s:\n%s", want, log)
	}
}

// scheduledAsUsual fails unless all threads run as those of most programs do.
func (c *conversation) scheduledAsUsual() {
	c.Helper()
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", c.cmd.Process.Pid))
	c.must(err)
	for _, task := range tasks {
		var tid int
		_, err := fmt.Sscan(task.Name(), &tid)
		c.must(err)
		got, err := unix.SchedGetAttr(tid, 0)
		c.must(err)
		if got.Policy != unix.SCHED_NORMAL || got.Nice != 0 {
			c.Errorf("thread %d has scheduling policy %d, nice %d", tid, got.Policy, got.Nice)
		}
	}
}
