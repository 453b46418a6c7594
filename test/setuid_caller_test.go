package test

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"nethelper/pkg/protocol"

	"golang.org/x/sys/unix"
)

// cat is a process of alice's that talks like a helper, and shows that an attack
// is one.
func (m *machine) cat() *conversation {
	m.Helper()
	return m.spawn(launch{person: alice, Path: "/bin/cat", Args: []string{"cat"}})
}

// echoes fails unless the process is a cat, and lives.
func (c *conversation) echoes() bool {
	if _, err := c.to.WriteString("x"); err != nil {
		return false
	}
	n, err := c.from.Read(make([]byte, 1))
	return n == 1 && err == nil
}

// A caller that has the kernel send signals to the owner of a pipe cannot make
// the helper the owner.
func TestSetuidPipeOwner(t *testing.T) {
	m := install(t, aliceMay)
	own := func(c *conversation) {
		m.must(m.accomplice(alice, []*os.File{c.to, c.from}, "own", fmt.Sprint(c.cmd.Process.Pid)).Run())
	}
	victim := m.cat()
	if !victim.echoes() {
		t.Fatal("cat does not echo")
	}
	own(victim)
	victim.echoes()
	victim.cmd.Wait()
	if status := victim.cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signal() != unix.SIGKILL {
		t.Errorf("the attack is none: cat ended with %v", victim.cmd.ProcessState)
	}

	c := m.spawn(launch{person: alice}).greeted()
	own(c)
	for i := range 10 {
		c.do(fmt.Sprintf("addr.add dev=lo address=10.9.9.%d/32", i))
	}
	if code := c.hangUp(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if n := strings.Count(m.audit(), `"event":"done"`); n != 10 {
		t.Errorf("%d records of an outcome, want 10", n)
	}
}

// Signals that the keys of a terminal send, and the loss of the terminal, do not
// end a helper that has it as its controlling terminal.
func TestSetuidTerminal(t *testing.T) {
	m := install(t, aliceMay)
	press := func(terminal *os.File, keys string) {
		for _, key := range keys {
			if _, err := terminal.WriteString(string(key)); err != nil {
				t.Error(err)
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	const interrupt, quit, stop = "\x03", "\x1c", "\x1a"
	terminal, victim := m.onTerminal(launch{person: alice, Path: "/bin/cat", Args: []string{"cat"}})
	if !victim.echoes() {
		t.Fatal("cat does not echo")
	}
	press(terminal, interrupt)
	victim.cmd.Wait()
	if status := victim.cmd.ProcessState.Sys().(syscall.WaitStatus); status.Signal() != unix.SIGINT {
		t.Errorf("the attack is none: cat ended with %v", victim.cmd.ProcessState)
	}
	terminal.Close()

	terminal, c := m.onTerminal(launch{person: alice})
	c.greeted()
	press(terminal, interrupt+quit+stop+interrupt)
	c.do("addr.add dev=lo address=10.9.9.1/32")
	terminal.Close()
	c.do("addr.add dev=lo address=10.9.9.2/32")
	if code := c.hangUp(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// The caller shares the flags of the helper's descriptors and flips them all the
// time. Requests are answered all the same, each once and whole.
func TestSetuidNonblocking(t *testing.T) {
	m := install(t, aliceMay)
	c := m.spawn(launch{person: alice}).greeted()
	process, err := unix.PidfdOpen(c.cmd.Process.Pid, 0)
	m.must(err)
	defer unix.Close(process)
	var shared [2]int
	for i := range shared {
		shared[i], err = unix.PidfdGetfd(process, i, 0)
		m.must(err)
		defer unix.Close(shared[i])
	}
	stop, flips := make(chan struct{}), make(chan int)
	go func() {
		n := 0
		for ; ; n++ {
			select {
			case <-stop:
				flips <- n
				return
			default:
			}
			for _, fd := range shared {
				if err := unix.SetNonblock(fd, n%2 == 0); err != nil {
					t.Error(err)
				}
			}
		}
	}()
	for i := range 200 {
		c.refused(fmt.Sprintf("addr.add dev=lo address=11.9.9.%d/32", i), protocol.Denied)
	}
	close(stop)
	if n := <-flips; n < 100 {
		t.Errorf("the flags were flipped %d times only", n)
	}
}

// A caller that does not read its replies waits alone: another helper of the same
// user serves on. Once it reads, no reply is missing.
func TestSetuidStalled(t *testing.T) {
	m := install(t, aliceMay)
	stalled := m.spawn(launch{person: alice}).greeted()
	m.must(stalled.to.SetWriteDeadline(time.Now().Add(200 * time.Millisecond)))
	request := m.request(1, "addr.add dev=lo address=11.9.9.9/32")
	sent, partial := 0, 0
	for {
		n, err := stalled.to.Write(request)
		if err != nil {
			partial = n
			break
		}
		sent++
	}
	c := m.spawn(launch{person: alice}).greeted()
	start := time.Now()
	c.do("addr.add dev=lo address=10.9.9.9/32")
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("the other helper took %s", took)
	}
	m.must(stalled.to.SetWriteDeadline(time.Time{}))
	if partial > 0 {
		go func() {
			stalled.to.Write(request[partial:])
		}()
		sent++
	}
	for range sent {
		var r protocol.Reply
		if stalled.read(&r); r.Error == nil || r.Error.Code != protocol.Denied {
			t.Fatalf("reply %+v", r)
		}
	}
	if sent < 1000 {
		t.Errorf("the caller stalled after %d requests only", sent)
	}
	if code := stalled.hangUp(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

// A caller that is killed takes its helper along, also one that waits for a link
// on its behalf.
func TestSetuidCallerKilled(t *testing.T) {
	m := install(t, aliceMay+"grant user:alice link.set dev=lab* mtu=* wait=*\n")
	m.must(unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
	defer unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)
	for what, request := range map[string]string{
		"idle":                 "",
		"in the midst of one":  "\x58\x80\xa3",
		"waits for a link":     string(m.request(1, "link.set dev=lab0 mtu=1400 wait=30000")),
		"many behind the wait": strings.Repeat(string(m.request(1, "link.set dev=lab0 mtu=1400 wait=30000")), 20),
	} {
		caller := m.accomplice(alice, nil, "call", m.helper, base64.StdEncoding.EncodeToString([]byte(request)))
		out, err := caller.StdoutPipe()
		m.must(err)
		m.must(caller.Start())
		line, err := bufio.NewReader(out).ReadString('\n')
		m.must(err)
		var helper int
		if _, err := fmt.Sscan(line, &helper); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond) // it may have begun, or not
		m.must(caller.Process.Kill())
		caller.Wait()
		var status unix.WaitStatus
		for deadline := time.Now().Add(time.Second); ; time.Sleep(5 * time.Millisecond) {
			pid, err := unix.Wait4(helper, &status, unix.WNOHANG, nil)
			m.must(err)
			if pid == helper {
				break
			}
			if time.Now().After(deadline) {
				t.Errorf("%s: the helper is still there", what)
				m.must(unix.Kill(helper, unix.SIGKILL))
				unix.Wait4(helper, &status, 0, nil)
				break
			}
		}
		if want := map[bool]int{true: 65, false: 0}[strings.HasPrefix(what, "in the midst")]; !status.Exited() || status.ExitStatus() != want {
			t.Errorf("%s: the helper ended with status %#x, want exit code %d", what, status, want)
		}
	}
	if n := strings.Count(m.audit(), `"event":"end"`); n != 4 {
		t.Errorf("%d helpers recorded their end, want 4", n)
	}
}
