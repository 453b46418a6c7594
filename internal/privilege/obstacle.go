package privilege

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// Obstacle says why the process holds no privilege although it is installed to
// gain some, and what mends it.
func Obstacle() error {
	for _, obstacle := range []func() (string, error){noNewPrivs, traced, userNamespace, nosuid, lostBit} {
		reason, err := obstacle()
		if err != nil {
			return err
		}
		if reason != "" {
			return errors.New(reason)
		}
	}
	return fmt.Errorf("%s has its setuid bit, but the kernel did not honour it: "+
		"start it from a process that shares no file system state (CLONE_FS)", executable())
}

func noNewPrivs() (string, error) {
	on, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
	if err != nil {
		return "", fmt.Errorf("prctl(PR_GET_NO_NEW_PRIVS): %w", err)
	}
	if on == 0 {
		return "", nil
	}
	return "the caller has no_new_privs set, so that the setuid bit has no effect: " +
		"clear NoNewPrivileges= in its unit, or let the container's processes gain privilege", nil
}

func traced() (string, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(status)) {
		if pid, ok := strings.CutPrefix(line, "TracerPid:"); ok && strings.TrimSpace(pid) != "0" {
			return "the helper is traced, so that the setuid bit has no effect: start it without strace or a debugger", nil
		}
	}
	return "", nil
}

func userNamespace() (string, error) {
	users, err := os.ReadFile(userMap)
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(users)) {
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] == "0" {
			return "", nil
		}
	}
	return "the caller is in a user namespace that root is not mapped into, so that the setuid bit has no effect: " +
		"start the helper outside, or as root of the namespace with --policy and --audit", nil
}

// userMap tells which users a user namespace has (user_namespaces(7)).
const userMap = "/proc/self/uid_map"

// InUserNamespace reports whether the process is in a user namespace of its own.
func InUserNamespace() (bool, error) {
	users, err := os.ReadFile(userMap)
	if err != nil {
		return false, err
	}
	return strings.Join(strings.Fields(string(users)), " ") != "0 0 4294967295", nil
}

func nosuid() (string, error) {
	var fs unix.Statfs_t
	if err := unix.Statfs("/proc/self/exe", &fs); err != nil {
		return "", fmt.Errorf("statfs /proc/self/exe: %w", err)
	}
	const nosuid = 0x2 // ST_NOSUID, statfs(2)
	if fs.Flags&nosuid == 0 {
		return "", nil
	}
	return executable() + " is on a file system that is mounted nosuid, so that the setuid bit has no effect: " +
		"install it elsewhere, or mount it suid", nil
}

func lostBit() (string, error) {
	var st unix.Stat_t
	if err := unix.Stat("/proc/self/exe", &st); err != nil {
		return "", fmt.Errorf("stat /proc/self/exe: %w", err)
	}
	if st.Uid == 0 && st.Mode&unix.S_ISUID != 0 {
		return "", nil
	}
	path := executable()
	return fmt.Sprintf("%s lacks the setuid bit, and its caller holds no capabilities: chown root:%s %s and chmod 4750 %s",
		path, UserName, path, path), nil
}
