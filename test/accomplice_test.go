package test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// An accomplice is a process of somebody's that does one deed: the test binary,
// executed again.
type accomplice struct {
	person
	Deed string
	Args []string
}

// deeds are what accomplices do, with their arguments and what they inherit.
var deeds = map[string]func(args []string) error{
	"own":  own,
	"call": call,
}

// accompliceVariable holds an accomplice.
const accompliceVariable = "NETHELPER_TEST_ACCOMPLICE"

// accomplice returns the command of an accomplice that inherits the files as
// descriptors from 3 on.
func (m *machine) accomplice(who person, files []*os.File, deed string, args ...string) *exec.Cmd {
	m.Helper()
	text, err := json.Marshal(accomplice{who, deed, args})
	m.must(err)
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = []string{accompliceVariable + "=" + string(text)}
	cmd.ExtraFiles = files
	cmd.Stderr = os.Stderr
	credential := &syscall.Credential{Uid: uint32(who.UID), Gid: uint32(who.GID)}
	for _, g := range who.Groups {
		credential.Groups = append(credential.Groups, uint32(g))
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: credential}
	return cmd
}

func init() {
	text, ok := os.LookupEnv(accompliceVariable)
	if !ok {
		return
	}
	var a accomplice
	err := json.Unmarshal([]byte(text), &a)
	if err == nil {
		err = deeds[a.Deed](a.Args)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "accomplice:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// own has the kernel send SIGKILL to a process whenever something happens to the
// pipes that are inherited.
func own(args []string) error {
	var pid int
	if _, err := fmt.Sscan(args[0], &pid); err != nil {
		return err
	}
	for _, fd := range []uintptr{3, 4} {
		for _, set := range [][2]int{{unix.F_SETOWN, pid}, {unix.F_SETSIG, int(unix.SIGKILL)}, {unix.F_SETFL, unix.O_ASYNC | unix.O_NONBLOCK}} {
			if _, err := unix.FcntlInt(fd, set[0], set[1]); err != nil {
				return err
			}
		}
	}
	return nil
}

// call starts the helper at args[0], sends it args[1], which is in base64, once it
// has said something, writes its process id to standard output, and waits to be
// killed.
func call(args []string) error {
	request, err := base64.StdEncoding.DecodeString(args[1])
	if err != nil {
		return err
	}
	cmd := exec.Command(args[0])
	cmd.Env = []string{}
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	if _, err := out.Read(make([]byte, 1)); err != nil {
		return err
	}
	if _, err := in.Write(request); err != nil {
		return err
	}
	fmt.Println(cmd.Process.Pid)
	time.Sleep(time.Minute)
	return errors.New("nobody killed the caller")
}
