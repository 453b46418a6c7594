package kernel

import (
	"fmt"
	"os"
	"strconv"

	"nethelper/pkg/attr"

	"golang.org/x/sys/unix"
)

// EachPID gives the processes whose main thread is in the namespace called name,
// the value of the attribute called attrName, to visit. Processes that the helper
// may not look into are left out, as are those that end meanwhile.
func (t *Task) EachPID(attrName string, name attr.NetNS, visit func(pid uint32) error) error {
	_, id, done, err := t.open(attrName, &name)
	if err != nil {
		return err
	}
	defer done() // until then the inode cannot become another namespace's
	t.Touched.Netns = id.Ino
	fd, err := unix.Open("/proc", unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("/proc: %w", err)
	}
	proc := os.NewFile(uintptr(fd), "/proc")
	defer proc.Close()
	return eachName(proc, func(name string) error {
		pid, err := strconv.ParseUint(name, 10, 32)
		if err != nil {
			return nil // not a process
		}
		var st unix.Stat_t
		err = unix.Fstatat(fd, name+"/ns/net", &st, 0)
		if err != nil || (ID{Dev: st.Dev, Ino: st.Ino}) != id {
			return nil
		}
		return visit(uint32(pid))
	})
}
