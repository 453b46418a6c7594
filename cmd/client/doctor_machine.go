package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"nethelper/internal/trust"
	"nethelper/pkg/ops"
	"nethelper/policy"

	"golang.org/x/sys/unix"
)

// examineAccount looks for the user that the helper becomes.
func examineAccount(*ctl) (string, error) {
	accounts, err := policy.ReadUntrustedAccounts()
	if err != nil {
		return "", err
	}
	uid, user := accounts.UID("nethelper")
	_, group := accounts.GID("nethelper")
	if !user || !group {
		return "", ailing("sudo make install makes them", "there is no user and group nethelper")
	}
	return fmt.Sprintf("nethelper is uid %d", uid), nil
}

// examinePolicy reads the policy in force as the helper does.
func examinePolicy(*ctl) (string, error) {
	sources, _, err := policy.Open(policy.Path, policy.DropInDir, trust.Root())
	switch {
	case errors.Is(err, fs.ErrPermission):
		return "", ailing("run this as a member of the group nethelper, or as root", "%v", err)
	case err != nil:
		return "", ailing("correct the owner or the mode, or write the file", "%v", err)
	}
	accounts, err := policy.ReadUntrustedAccounts()
	if err != nil {
		return "", err
	}
	p, err := policy.Parse(sources, ops.Schema(), accounts)
	var faults policy.Errors
	if errors.As(err, &faults) {
		return "", ailing("nethelperctl policy check tells all", "%d errors, the first: %v", len(faults), faults[0])
	}
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d grants in %d files", len(p.Grants()), len(sources)), nil
}

// auditDir is where the records go if the policy does not say otherwise.
const auditDir = "/var/log/nethelper"

// examineRecords looks at where records go.
func examineRecords(*ctl) (string, error) {
	d, err := trust.Root().Dir(auditDir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", ailing("install -d -m 750 "+auditDir, "%s is not there", auditDir)
	case errors.Is(err, fs.ErrPermission):
		return auditDir + ", which only root looks into", nil
	case err != nil:
		return "", ailing("make it and what it is in root's alone, or name another file by audit in the policy", "%v", err)
	}
	if err := d.Close(); err != nil {
		return "", err
	}
	return auditDir, nil
}

// examineNamespaces looks at where named namespaces are.
func examineNamespaces(*ctl) (string, error) {
	const dir = "/run/netns"
	var st unix.Stat_t
	switch err := unix.Lstat(dir, &st); {
	case err == unix.ENOENT:
		return dir + " is not there yet: whoever makes the first namespace makes it", nil
	case err != nil:
		return "", fmt.Errorf("%s: %w", dir, err)
	case st.Mode&unix.S_IFMT != unix.S_IFDIR || st.Uid != 0 || st.Mode&0o022 != 0:
		return "", ailing("chown root "+dir+" and chmod 755 "+dir, "%s is not root's alone", dir)
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(mounts)) {
		if words := strings.Fields(line); len(words) > 6 && words[4] == dir && !strings.HasPrefix(words[6], "shared:") {
			return "", ailing("mount --make-shared "+dir, "%s is no shared mount: what is made there others do not see", dir)
		}
	}
	return dir, nil
}

// examineKernel looks for what the helper confines itself with.
func examineKernel(*ctl) (string, error) {
	actions, err := os.ReadFile("/proc/sys/kernel/seccomp/actions_avail")
	if err != nil || !strings.Contains(string(actions), "kill_process") {
		return "", ailing("a kernel with CONFIG_SECCOMP_FILTER, from Linux 4.14 on", "the kernel has no seccomp filters that kill a process")
	}
	version, _, errno := unix.RawSyscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return "seccomp, but no Landlock: the helper goes without", nil
	}
	return fmt.Sprintf("seccomp, Landlock %d", version), nil
}
