package test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A launch is how a caller starts the helper: who it is, and what it has
// arranged. The test binary is executed in between, to arrange it.
type launch struct {
	person
	Path string   // of the helper
	Args []string // the helper's, with its name; nil for the name alone
	Env  []string

	NoNewPrivs  bool
	Traced      bool
	SharedFS    bool // clone with CLONE_FS
	UserNS      bool
	UserRoot    bool           // in the user namespace the caller is root
	NoBounding  int            // a capability to leave out of the bounding set, or 0
	Ambient     int            // a capability to hold as ambient, or 0
	Securebits  int            // to set where a capability is held as ambient, or 0
	Close       []int          // descriptors
	Open        []int          // descriptors that are to refer to /etc/passwd
	Limits      map[int]uint64 // hard and soft
	Umask       int
	Blocked     []syscall.Signal
	Pending     []syscall.Signal // of those that are blocked
	Ignored     []syscall.Signal
	Timers      map[unix.ItimerWhich]time.Duration
	Nice        int
	Idle        bool          // SCHED_IDLE
	NoTSC       bool          // reading the time stamp counter is a fault
	NoExecMem   bool          // no memory becomes executable that was not (PR_SET_MDWE)
	Slack       time.Duration // timer slack
	Personality uintptr
	Dir         string
	DirGoes     bool // the directory is one that is gone
	OOM         int  // oom_score_adj(5)
	ParentDeath syscall.Signal
	OneCPU      bool
}

// launchVariable holds a launch, for the execution of the test binary in between.
const launchVariable = "NETHELPER_TEST_LAUNCH"

// command returns the command that launches the helper.
func (l launch) command() *exec.Cmd {
	if l.Args == nil {
		l.Args = []string{"nethelper"}
	}
	text, err := json.Marshal(l)
	if err != nil {
		panic(err)
	}
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = []string{launchVariable + "=" + string(text)}
	return cmd
}

func init() {
	text, ok := os.LookupEnv(launchVariable)
	if !ok {
		return
	}
	var l launch
	err := json.Unmarshal([]byte(text), &l)
	if err == nil {
		err = l.launch()
	}
	fmt.Fprintln(os.Stderr, "launch:", err)
	os.Exit(1)
}

// launch arranges what is asked for, becomes the caller, and executes the helper.
// It is called before the program starts, with one thread that matters.
func (l launch) launch() error {
	runtime.LockOSThread()
	for resource, limit := range l.Limits {
		if err := syscall.Setrlimit(resource, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			return fmt.Errorf("setrlimit %d: %w", resource, err)
		}
	}
	if l.NoBounding != 0 {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, uintptr(l.NoBounding), 0, 0, 0); err != nil {
			return err
		}
	}
	if err := l.become(); err != nil {
		return err
	}
	if l.Dir != "" {
		if err := os.Chdir(l.Dir); err != nil {
			return err
		}
	}
	if l.DirGoes {
		dir, err := os.MkdirTemp("/tmp", "lost")
		if err != nil {
			return err
		}
		if err := errors.Join(os.Chdir(dir), os.Remove(dir)); err != nil {
			return err
		}
	}
	if l.OOM != 0 {
		if err := os.WriteFile("/proc/self/oom_score_adj", []byte(fmt.Sprint(l.OOM)), 0); err != nil {
			return err
		}
	}
	if l.ParentDeath != 0 {
		if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(l.ParentDeath), 0, 0, 0); err != nil {
			return err
		}
	}
	if l.OneCPU {
		var one unix.CPUSet
		one.Set(0)
		if err := unix.SchedSetaffinity(0, &one); err != nil {
			return err
		}
	}
	if l.Umask != 0 {
		unix.Umask(l.Umask)
	}
	if l.NoNewPrivs {
		if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
			return err
		}
	}
	if l.Slack != 0 {
		if err := unix.Prctl(unix.PR_SET_TIMERSLACK, uintptr(l.Slack), 0, 0, 0); err != nil {
			return err
		}
	}
	for which, d := range l.Timers {
		if _, err := unix.Setitimer(which, unix.Itimerval{Value: unix.NsecToTimeval(int64(d))}); err != nil {
			return err
		}
	}
	if err := l.schedule(); err != nil {
		return err
	}
	if l.NoTSC {
		if err := unix.Prctl(unix.PR_SET_TSC, unix.PR_TSC_SIGSEGV, 0, 0, 0); err != nil {
			return err
		}
	}
	if l.NoExecMem {
		if err := unix.Prctl(unix.PR_SET_MDWE, unix.PR_MDWE_REFUSE_EXEC_GAIN, 0, 0, 0); err != nil {
			return err
		}
	}
	if l.Personality != 0 {
		if _, _, errno := unix.RawSyscall(unix.SYS_PERSONALITY, l.Personality, 0, 0); errno != 0 {
			return errno
		}
	}
	var mask unix.Sigset_t
	for _, s := range l.Blocked {
		mask.Val[0] |= 1 << (s - 1)
	}
	if err := unix.PthreadSigmask(unix.SIG_BLOCK, &mask, nil); err != nil {
		return err
	}
	for _, s := range l.Pending {
		if err := unix.Tgkill(unix.Getpid(), unix.Getpid(), s); err != nil {
			return err
		}
	}
	signals := make([]os.Signal, len(l.Ignored))
	for i, s := range l.Ignored {
		signals[i] = s
	}
	if len(signals) > 0 {
		signal.Ignore(signals...)
	}
	for _, fd := range l.Open {
		file, err := unix.Open("/etc/passwd", unix.O_RDONLY, 0)
		if err != nil {
			return err
		}
		if file == fd {
			_, err = unix.FcntlInt(uintptr(fd), unix.F_SETFD, 0)
		} else {
			err = unix.Dup3(file, fd, 0)
		}
		if err != nil {
			return err
		}
	}
	for _, fd := range l.Close {
		if err := unix.Close(fd); err != nil {
			return err
		}
	}
	if l.Traced || l.UserNS || l.SharedFS {
		return l.child()
	}
	return l.exec()
}

// become gives up root for the caller's ids.
func (l launch) become() error {
	if l.Ambient != 0 {
		if err := unix.Prctl(unix.PR_SET_KEEPCAPS, 1, 0, 0, 0); err != nil {
			return err
		}
	}
	groups := l.Groups
	if groups == nil {
		groups = []int{}
	}
	// System calls on this thread alone: the others end with exec.
	gids := make([]uint32, len(groups)+1)
	for i, g := range groups {
		gids[i] = uint32(g)
	}
	for _, call := range [][4]uintptr{
		{unix.SYS_SETGROUPS, uintptr(len(groups)), uintptr(unsafe.Pointer(&gids[0])), 0},
		{unix.SYS_SETRESGID, uintptr(l.GID), uintptr(l.GID), uintptr(l.GID)},
		{unix.SYS_SETRESUID, uintptr(l.UID), uintptr(l.UID), uintptr(l.UID)},
	} {
		if _, _, errno := unix.RawSyscall(call[0], call[1], call[2], call[3]); errno != 0 {
			return errno
		}
	}
	// A change of ids hides the process from its own user, who could not write
	// the maps of a user namespace then.
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 1, 0, 0, 0); err != nil {
		return err
	}
	if l.Ambient != 0 {
		header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
		bit, toSet := uint32(1)<<l.Ambient, uint32(1)<<unix.CAP_SETPCAP
		data := [2]unix.CapUserData{{Effective: bit | toSet, Permitted: bit | toSet, Inheritable: bit}}
		if err := unix.Capset(&header, &data[0]); err != nil {
			return err
		}
		if err := unix.Prctl(unix.PR_CAP_AMBIENT, unix.PR_CAP_AMBIENT_RAISE, uintptr(l.Ambient), 0, 0); err != nil {
			return err
		}
		if l.Securebits != 0 {
			if err := unix.Prctl(unix.PR_SET_SECUREBITS, uintptr(l.Securebits), 0, 0, 0); err != nil {
				return err
			}
		}
		data[0].Effective, data[0].Permitted = bit, bit
		return unix.Capset(&header, &data[0])
	}
	return nil
}

// schedule has the process run when nobody else wants to.
func (l launch) schedule() error {
	if l.Nice != 0 {
		if err := unix.Setpriority(unix.PRIO_PROCESS, 0, l.Nice); err != nil {
			return err
		}
	}
	if !l.Idle {
		return nil
	}
	return unix.SchedSetAttr(0, &unix.SchedAttr{Policy: unix.SCHED_IDLE, Nice: int32(l.Nice)}, 0)
}

func (l launch) exec() error { return syscall.Exec(l.Path, l.Args, l.Env) }

// child starts the helper as a child, in a way that exec alone does not allow,
// and ends as it ends.
func (l launch) child() error {
	cmd := exec.Cmd{Path: l.Path, Args: l.Args, Env: l.Env, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	if cmd.Env == nil {
		cmd.Env = []string{}
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: l.Traced}
	if l.SharedFS {
		cmd.SysProcAttr.Cloneflags = unix.CLONE_FS
	}
	if l.UserNS {
		uid, gid := l.UID, l.GID
		if l.UserRoot {
			uid, gid = 0, 0
		}
		cmd.SysProcAttr.Cloneflags = unix.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: uid, HostID: l.UID, Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: gid, HostID: l.GID, Size: 1}}
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	if l.Traced {
		var status unix.WaitStatus
		if _, err := unix.Wait4(cmd.Process.Pid, &status, 0, nil); err != nil {
			return err
		}
		for !status.Exited() && !status.Signaled() {
			if err := unix.PtraceCont(cmd.Process.Pid, 0); err != nil {
				return err
			}
			if _, err := unix.Wait4(cmd.Process.Pid, &status, 0, nil); err != nil {
				return err
			}
		}
		os.Exit(status.ExitStatus())
	}
	cmd.Wait()
	os.Exit(cmd.ProcessState.ExitCode())
	return nil
}
