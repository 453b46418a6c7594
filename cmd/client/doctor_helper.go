package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"nethelper/pkg/client"

	"golang.org/x/sys/unix"
)

// examineHelper says whether the caller may start the helper.
func examineHelper(c *ctl) (string, error) {
	info, err := os.Stat(c.helper)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", ailing("install it: make && sudo make install", "%s is not there", c.helper)
	case err != nil:
		return "", err
	case unix.Access(c.helper, unix.X_OK) != nil:
		return "", ailing("put the user into the group nethelper (adduser USER nethelper) and log in again", "uid %d may not execute %s", os.Getuid(), c.helper)
	}
	return fmt.Sprintf("%s, %s", c.helper, info.Mode()), nil
}

// examineFile says what the helper gains when it is started.
func examineFile(c *ctl) (string, error) {
	var st unix.Stat_t
	if err := unix.Stat(c.helper, &st); err != nil {
		return "", fmt.Errorf("%s: %w", c.helper, err)
	}
	switch n, err := unix.Getxattr(c.helper, "security.capability", nil); {
	case st.Mode&unix.S_ISUID != 0 && st.Uid == 0:
		return "set-id root", nil
	case err == nil && n > 0:
		return "file capabilities", nil
	case os.Geteuid() == 0:
		return "none, but the caller is root", nil
	}
	return "", ailing("sudo make install, or chown root:nethelper and chmod 4750", "%s has neither the setuid bit of root nor capabilities", c.helper)
}

// examineMount says whether the file system lets it gain that.
func examineMount(c *ctl) (string, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(c.helper, &st); err != nil {
		return "", fmt.Errorf("%s: %w", c.helper, err)
	}
	const nosuid = 0x2 // ST_NOSUID, statfs(2)
	if st.Flags&nosuid != 0 {
		return "", ailing("install it elsewhere, or mount it suid", "%s is on a file system that is mounted nosuid", c.helper)
	}
	return "mounted suid", nil
}

// examineCaller says whether the caller lets it gain that.
func examineCaller(*ctl) (string, error) {
	on, err := unix.PrctlRetInt(unix.PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)
	if err != nil {
		return "", fmt.Errorf("prctl(PR_GET_NO_NEW_PRIVS): %w", err)
	}
	if on == 1 {
		return "", ailing("clear NoNewPrivileges= in the unit, or let the container's processes gain privilege", "no_new_privs is set")
	}
	mapping, err := os.ReadFile("/proc/self/uid_map")
	if err != nil {
		return "", err
	}
	if words := strings.Fields(string(mapping)); len(words) != 3 || words[0] != "0" || words[1] != "0" {
		return "", ailing("start it outside, or as root of the namespace with --policy and --audit", "the caller is in a user namespace of its own")
	}
	return fmt.Sprintf("uid %d may gain privilege", os.Getuid()), nil
}

// examineService starts the helper.
func examineService(c *ctl) (string, error) {
	quiet := *c
	quiet.stderr = nil
	helper, err := quiet.client()
	if err != nil {
		return "", err
	}
	ctx, cancel := c.context()
	defer cancel()
	hello, err := helper.Hello(ctx)
	if ended := helper.Close(); err == nil {
		err = ended
	}
	var died *client.HelperError
	switch {
	case errors.As(err, &died):
		return "", ailing("see above", "%v", died)
	case err != nil:
		return "", ailing("see above, and what the helper says", "%v", err)
	case hello.Profile == "none":
		return "it serves, but no grant is for this caller", nil
	}
	return "it serves with profile " + hello.Profile, nil
}
