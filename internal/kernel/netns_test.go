package kernel

import (
	"bufio"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"nethelper/pkg/attr"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

func create(t *testing.T, task *Task, name attr.NetNS) uint64 {
	t.Helper()
	inode, err := task.CreateNetns("name", name, nil)
	if err != nil {
		t.Fatalf("create %s: %v", name, err)
	}
	return inode
}

// refused checks that err is an Error with the errno about the attribute.
func refused(t *testing.T, err error, errno syscall.Errno, attrName string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Errno != errno || e.Attr != attrName {
		t.Errorf("%#v, want errno %v about %q", err, errno, attrName)
	}
}

// names returns the names in NetnsDir.
func names(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(NetnsDir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// mounts returns the lines of mountinfo about NetnsDir itself.
func mounts(t *testing.T) []string {
	t.Helper()
	f, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var lines []string
	for s := bufio.NewScanner(f); s.Scan(); {
		if strings.Fields(s.Text())[4] == NetnsDir {
			lines = append(lines, s.Text())
		}
	}
	return lines
}

func TestCreate(t *testing.T) {
	task := newTask(t)
	inode := create(t, task, "a")
	if got := run(t, "stat -L -c %i "+NetnsDir+"/a"); strings.TrimSpace(got) != fmt.Sprint(inode) {
		t.Errorf("inode %d, stat says %s", inode, got)
	}
	if task.Touched.Netns != inode {
		t.Errorf("touched %d, want %d", task.Touched.Netns, inode)
	}
	if got := run(t, "ip -netns a -brief link"); !strings.HasPrefix(got, "lo ") || strings.Count(got, "\n") != 1 {
		t.Errorf("links of the new namespace: %s", got)
	}
	// The directory is root's, whatever the umask, and a shared mount of its own.
	if got := run(t, "stat -c %a%u "+NetnsDir); strings.TrimSpace(got) != "7550" {
		t.Errorf("mode and owner of %s: %s", NetnsDir, got)
	}
	create(t, task, "b")
	if m := mounts(t); len(m) != 1 || !strings.Contains(m[0], " shared:") {
		t.Errorf("want one shared mount, have %q", m)
	}
	_, err := task.CreateNetns("name", "a", nil)
	refused(t, err, unix.EEXIST, "name")
	if got := names(t); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("names %v", got)
	}
}

// The directory that ip made serves, and the other way round.
func TestCreateBesideIP(t *testing.T) {
	task := newTask(t)
	run(t, "ip netns add a")
	create(t, task, "b")
	run(t, "ip netns add c")
	if m := mounts(t); len(m) != 1 {
		t.Errorf("want one mount, have %q", m)
	}
	for _, name := range []string{"a", "b", "c"} {
		run(t, "ip -netns "+name+" link")
	}
}

// Entries that were made before the directory was a mount stay usable.
func TestCreateKeepsOthers(t *testing.T) {
	task := newTask(t)
	run(t, "ip netns add a")
	run(t, "mount --make-private "+NetnsDir)
	run(t, "umount -l "+NetnsDir)
	run(t, "touch "+NetnsDir+"/b")
	run(t, "mount --bind /proc/thread-self/ns/net "+NetnsDir+"/b")
	create(t, task, "c")
	run(t, "ip -netns b link")
	run(t, "ip -netns c link")
}

// What another mount namespace has of the directory follows.
func TestCreateIsSeenElsewhere(t *testing.T) {
	task := newTask(t)
	create(t, task, "first")
	cmd := exec.Command("unshare", "--mount", "--propagation", "unchanged", "sh", "-c",
		"echo ready; read go; ip -netns a link >/dev/null && echo seen; read go; ip -netns a link 2>/dev/null || echo gone")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	pipe, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out := bufio.NewReader(pipe)
	say := func(want string) {
		t.Helper()
		if got, err := out.ReadString('\n'); err != nil || strings.TrimSpace(got) != want {
			t.Errorf("%q (%v), want %q", got, err, want)
		}
	}
	say("ready")
	create(t, task, "a")
	fmt.Fprintln(in, "go")
	say("seen")
	if detached, err := task.DeleteNetns("name", "a", nil); err != nil || detached != nil && *detached {
		t.Errorf("detached %v, %v", detached, err)
	}
	fmt.Fprintln(in, "go")
	say("gone")
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
}

func TestCreatePrepare(t *testing.T) {
	task := newTask(t)
	inode, err := task.CreateNetns("name", "a", func(n *Netns) error {
		if e, err := task.Netns("name", "a"); err != nil || e.Valid {
			t.Errorf("it can be found already: %+v, %v", e, err)
		}
		return n.Do(setLo(true))
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := run(t, "ip -netns a -brief link show dev lo"); !strings.Contains(got, ",UP") {
		t.Errorf("lo is not up: %s", got)
	}
	if e, err := task.Netns("name", "a"); err != nil || !e.Valid || e.Inode != inode {
		t.Errorf("%+v, %v", e, err)
	}
	stop := &Error{Errno: unix.EPERM, Attr: "lo_up"}
	if _, err = task.CreateNetns("name", "b", func(*Netns) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v, want %v", err, stop)
	}
	if got := names(t); !slices.Equal(got, []string{"a"}) {
		t.Errorf("a creation that failed left %v", got)
	}
}

// A directory that is not root's alone is refused and stays as it is.
func TestDoubtfulDirectory(t *testing.T) {
	for what, spoil := range map[string]func(t *testing.T){
		"writable": func(t *testing.T) { run(t, "install -d -m 777 "+NetnsDir) },
		"a link":   func(t *testing.T) { run(t, "mkdir /run/elsewhere"); run(t, "ln -s elsewhere "+NetnsDir) },
		"a file":   func(t *testing.T) { run(t, "touch "+NetnsDir) },
	} {
		t.Run(what, func(t *testing.T) {
			task := newTask(t)
			spoil(t)
			before := run(t, "ls -lR /run")
			if _, err := task.CreateNetns("name", "a", nil); err == nil {
				t.Error("create: no error")
			}
			if _, err := task.DeleteNetns("name", "a", nil); err == nil {
				t.Error("delete: no error")
			}
			if _, err := task.Netns("name", "a"); err == nil {
				t.Error("get: no error")
			}
			if err := task.EachNetns(func(Entry) error { return nil }); err == nil {
				t.Error("list: no error")
			}
			if after := run(t, "ls -lR /run"); after != before {
				t.Errorf("/run changed from\n%s\nto\n%s", before, after)
			}
		})
	}
}

// Somebody who holds the lock of the directory delays the first creation a
// moment, and no later one.
func TestCreateLocked(t *testing.T) {
	task := newTask(t)
	run(t, "mkdir "+NetnsDir)
	fd, err := unix.Open(NetnsDir, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := unix.Flock(fd, unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	_, err = task.CreateNetns("name", "a", nil)
	refused(t, err, unix.EAGAIN, "")
	if err := unix.Flock(fd, unix.LOCK_UN); err != nil {
		t.Fatal(err)
	}
	create(t, task, "a")
	if err := unix.Flock(fd, unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	create(t, task, "b")
}

func TestDelete(t *testing.T) {
	task := newTask(t)
	create(t, task, "a")
	for range 2 { // stacked
		run(t, "mount --bind "+NetnsDir+"/a "+NetnsDir+"/a")
	}
	if _, err := task.DeleteNetns("name", "a", nil); err != nil {
		t.Fatal(err)
	}
	if got := names(t); len(got) != 0 {
		t.Errorf("left: %v", got)
	}
	_, err := task.DeleteNetns("name", "a", nil)
	refused(t, err, unix.ENOENT, "name")
}

// What is no network namespace stays, but for what a creation leaves that is cut
// short.
func TestDeleteOther(t *testing.T) {
	task := newTask(t)
	run(t, "ip netns add keep")
	at := func(name string) string { return filepath.Join(NetnsDir, name) }
	run(t, "install -m 0 /dev/null "+at("left-over"))
	if err := os.WriteFile(at("full"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("/run/host", []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "touch /run/empty "+at("bound")+" "+at("bound-empty")+" "+at("uts")+" "+at("covered"))
	run(t, "mount --bind /run/host "+at("bound"))
	run(t, "mount --bind /run/empty "+at("bound-empty"))
	run(t, "mount --bind /proc/self/ns/uts "+at("uts"))
	run(t, "mount --bind /run/host "+at("covered"))
	run(t, "mount --bind "+at("keep")+" "+at("covered"))
	run(t, "mkfifo "+at("fifo"))
	run(t, "mkdir "+at("dir"))
	run(t, "ln -s keep "+at("link"))

	if _, err := task.DeleteNetns("name", "left-over", nil); err != nil {
		t.Errorf("left-over: %v", err)
	}
	for name, errno := range map[attr.NetNS]syscall.Errno{
		"full": unix.EINVAL, "bound": unix.EINVAL, "bound-empty": unix.EBUSY, "uts": unix.EINVAL,
		"fifo": unix.EINVAL, "dir": unix.EINVAL, "link": unix.EINVAL, "covered": unix.EBUSY,
	} {
		t.Run(string(name), func(t *testing.T) {
			_, err := task.DeleteNetns("name", name, nil)
			refused(t, err, errno, "name")
			if _, err := os.Lstat(at(string(name))); err != nil {
				t.Error(err)
			}
			if e, err := task.Netns("name", name); err != nil || e.Valid {
				t.Errorf("%+v, %v, want an invalid entry", e, err)
			}
			_, err = task.In(&name)
			refused(t, err, unix.EINVAL, "netns")
		})
	}
	for _, name := range []string{"bound", "covered"} {
		if text, err := os.ReadFile(at(name)); err != nil || string(text) != "x" {
			t.Errorf("%s: the file that is mounted there: %q, %v", name, text, err)
		}
	}
	valid := map[string]bool{}
	if err := task.EachNetns(func(e Entry) error { valid[e.Name] = e.Valid; return nil }); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{"keep": true, "full": false, "bound": false, "bound-empty": false, "uts": false,
		"fifo": false, "dir": false, "link": false, "covered": false}
	if !maps.Equal(valid, want) {
		t.Errorf("listed %v, want %v", valid, want)
	}
}

// A namespace of another user namespace is listed, and cannot be used.
func TestForeign(t *testing.T) {
	task := newTask(t)
	create(t, task, "a")
	cmd := exec.Command("unshare", "--user", "--net", "sh", "-c", "echo; read end")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer in.Close()
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Skip("no user namespaces below this one: ", err)
	}
	run(t, "touch "+NetnsDir+"/foreign")
	run(t, fmt.Sprintf("mount --bind /proc/%d/ns/net %s/foreign", cmd.Process.Pid, NetnsDir))
	name := attr.NetNS("foreign")
	_, err = task.In(&name)
	refused(t, err, unix.EPERM, "netns")
	_, err = task.DeleteNetns("name", name, nil)
	refused(t, err, unix.EPERM, "name")
	if e, err := task.Netns("name", name); err != nil || e.Valid {
		t.Errorf("%+v, %v", e, err)
	}
}

// The socket that is kept for a namespace does not keep the namespace when its
// name is deleted, and does not serve the next one of that name.
func TestDeleteDropsSocket(t *testing.T) {
	task := newTask(t)
	name := attr.NetNS("a")
	add := NewRequest(unix.RTM_NEWLINK, netlink.Create|netlink.Excl, &rtnetlink.LinkMessage{})
	add.String("name", unix.IFLA_IFNAME, "lab0")
	add.Nest("", unix.IFLA_LINKINFO, func() { add.String("kind", unix.IFLA_INFO_KIND, "ifb") })
	for round := range 3 {
		create(t, task, name)
		n, err := task.In(&name)
		if err != nil {
			t.Fatal(err)
		}
		if err := n.Do(add); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		run(t, "ip -netns a link show dev lab0")
		if round == 1 { // by another program
			run(t, "ip netns delete a")
			continue
		}
		detached, err := task.DeleteNetns("name", name, nil)
		if err != nil {
			t.Fatal(err)
		}
		if detached == nil {
			t.Log("this kernel cannot tell whether the namespace ended")
		} else if *detached {
			t.Error("something keeps the namespace")
		}
	}
}

func TestDeleteDetached(t *testing.T) {
	task := newTask(t)
	create(t, task, "a")
	cmd := exec.Command("ip", "netns", "exec", "a", "sh", "-c", "echo; read end")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	var pids []uint32
	if err := task.EachPID("name", "a", func(pid uint32) error { pids = append(pids, pid); return nil }); err != nil {
		t.Fatal(err)
	}
	if want := run(t, "ip netns pids a"); fmt.Sprintln(pids[0]) != want || len(pids) != 1 {
		t.Errorf("processes %v, ip says %s", pids, want)
	}
	detached, err := task.DeleteNetns("name", "a", nil)
	if err != nil {
		t.Fatal(err)
	}
	if detached != nil && !*detached {
		t.Error("nothing keeps the namespace, though a process is in it")
	}
	in.Close()
	if err := cmd.Wait(); err == nil {
		t.Log("the process ended")
	}
	err = task.EachPID("name", "a", func(uint32) error { return nil })
	refused(t, err, unix.ENOENT, "name")
}

func TestDeleteCheck(t *testing.T) {
	task := newTask(t)
	create(t, task, "a")
	stop := &Error{Errno: unix.ENOTEMPTY, Attr: "require_empty"}
	if _, err := task.DeleteNetns("name", "a", func(*Netns) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("%v, want %v", err, stop)
	}
	run(t, "ip -netns a link")
}

// Whatever goes wrong, no descriptor and no thread in another namespace stays.
func TestNothingLeaks(t *testing.T) {
	task := newTask(t)
	own(t, task)
	run(t, "install -d "+NetnsDir)
	run(t, "install -m 0 /dev/null "+NetnsDir+"/left")
	everything := func() {
		create(t, task, "a")
		task.CreateNetns("name", "a", nil)
		task.CreateNetns("name", "b", func(*Netns) error { return unix.EPERM })
		for _, name := range []attr.NetNS{"a", "left", "none"} {
			if n, err := task.In(&name); err == nil {
				n.Index("dev", "none")
				n.Dump(links(), func(netlink.Message) error { return unix.EPERM })
			}
			task.Netns("name", name)
			task.EachPID("name", name, func(uint32) error { return unix.EPERM })
			task.DeleteNetns("name", name, func(*Netns) error { return unix.EPERM })
		}
		task.EachNetns(func(Entry) error { return unix.EPERM })
		if _, err := task.DeleteNetns("name", "a", nil); err != nil {
			t.Fatal(err)
		}
	}
	everything() // what is opened once for all stays
	before := descriptors(t)
	for range 20 {
		everything()
	}
	if after := descriptors(t); len(after) > len(before) {
		t.Errorf("descriptors: %v, before %v", after, before)
	}
	threads, err := filepath.Glob("/proc/self/task/*/ns/net")
	if err != nil {
		t.Fatal(err)
	}
	for _, thread := range threads {
		ns, err := os.Readlink(thread)
		switch {
		case err != nil: // it ended
		case thread == fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Gettid()): // the test's own
		case thread == fmt.Sprintf("/proc/self/task/%d/ns/net", unix.Getpid()): // an earlier test may have left it so
		case ns != startNetns:
			t.Errorf("%s is in %s, the process began in %s", thread, ns, startNetns)
		}
	}
}

// The main thread is free in this program, and what must not run on it never does.
func TestOnThread(t *testing.T) {
	for range 200 {
		var tid int
		if err := onThread(func() error { tid = unix.Gettid(); return unix.EPERM }); err != unix.EPERM {
			t.Fatal(err)
		}
		if tid == unix.Getpid() {
			t.Fatal("on the main thread")
		}
	}
}
