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
	for _, obstacle := range []func() (string, error){frozen, traced, userNamespace, nosuid, lostMark} {
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

func frozen() (string, error) {
	on, err := noNewPrivs()
	if err != nil || !on {
		return "", err
	}
	return "the caller has no_new_privs set, so that the helper gains nothing: " +
		"clear NoNewPrivileges= in its unit, or let the container's processes gain privilege", nil
}

func traced() (string, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(status)) {
		if pid, ok := strings.CutPrefix(line, "TracerPid:"); ok && strings.TrimSpace(pid) != "0" {
			return "the helper is traced, so that it gains nothing: start it without strace or a debugger", nil
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
	return "the caller is in a user namespace that root is not mapped into, so that the helper gains nothing: " +
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
	return executable() + " is on a file system that is mounted nosuid, so that it gains nothing: " +
		"install it elsewhere, or mount it suid", nil
}

// lostMark is about what makes exec give privilege: the setuid bit, or
// capabilities of the file.
func lostMark() (string, error) {
	var st unix.Stat_t
	if err := unix.Stat("/proc/self/exe", &st); err != nil {
		return "", fmt.Errorf("stat /proc/self/exe: %w", err)
	}
	if st.Uid == 0 && st.Mode&unix.S_ISUID != 0 {
		return "", nil
	}
	path := executable()
	if n, err := unix.Getxattr("/proc/self/exe", "security.capability", nil); err == nil && n > 0 {
		return path + " has capabilities, but the kernel gave none of them: the bounding set of the caller lacks them, " +
			"or the caller shares file system state (CLONE_FS)", nil
	}
	return fmt.Sprintf("%s lacks the setuid bit, and its caller holds no capabilities: chown root:%s %s and chmod 4750 %s",
		path, UserName, path, path), nil
}
