package stage

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

// A User is one of the users of the machine that the benchmarks imagine.
type User struct {
	Name     string
	UID, GID uint32
	Groups   []uint32
}

// HelperGID is the group that may execute the helper; ServiceGID is the one that
// the policy grants to.
const (
	HelperGID  = 60999
	ServiceGID = 61000
)

// Services are users in the group service. One user may run 16 helpers at a time,
// so there are more of them where there are more helpers.
var Services = func() []User {
	users := make([]User, 4)
	for i := range users {
		id := uint32(61001 + i)
		users[i] = User{Name: fmt.Sprintf("service%d", i+1), UID: id, GID: id, Groups: []uint32{HelperGID, ServiceGID}}
	}
	return users
}()

// credential is what a process of the user has. That of nil is root's.
func (u *User) credential() *syscall.Credential {
	if u == nil {
		return &syscall.Credential{}
	}
	return &syscall.Credential{Uid: u.UID, Gid: u.GID, Groups: u.Groups}
}

// accounts adds the users to the copies of the machine's account files, from
// which those of the same names and numbers are taken out.
func accounts() error {
	passwd := []string{fmt.Sprintf("nethelper:x:%d:%d::/nonexistent:/usr/sbin/nologin", HelperGID, HelperGID)}
	shadow := []string{"nethelper:*:19000::::::"}
	var names []string
	for _, u := range Services {
		passwd = append(passwd, fmt.Sprintf("%s:x:%d:%d::/nonexistent:/bin/sh", u.Name, u.UID, u.GID))
		shadow = append(shadow, u.Name+":*:19000::::::")
		names = append(names, u.Name)
	}
	members := strings.Join(names, ",")
	group := []string{
		fmt.Sprintf("nethelper:x:%d:%s", HelperGID, members),
		fmt.Sprintf("service:x:%d:%s", ServiceGID, members),
	}
	for _, u := range Services {
		group = append(group, fmt.Sprintf("%s:x:%d:", u.Name, u.GID))
	}
	for file, lines := range map[string][]string{"/etc/passwd": passwd, "/etc/shadow": shadow, "/etc/group": group} {
		if err := addLines(file, lines); err != nil {
			return err
		}
	}
	// They may run ip and Neutron's helpers as root, as an agent may where that is the way.
	const sudoers = "Defaults:%service !use_pty\n" +
		"%service ALL=(root) NOPASSWD: /usr/sbin/ip, /usr/bin/privsep-helper, /usr/bin/oslo-rootwrap-daemon\n"
	if err := os.MkdirAll("/etc/sudoers.d", 0o750); err != nil {
		return err
	}
	return os.WriteFile("/etc/sudoers.d/bench", []byte(sudoers), 0o440)
}

// addLines puts lines into a file of lines NAME:..., in place of those of the same
// names.
func addLines(file string, lines []string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	name := func(line string) string { return line[:max(strings.IndexByte(line, ':'), 0)] }
	ours := make(map[string]bool)
	for _, line := range lines {
		ours[name(line)] = true
	}
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		if !ours[name(line)] {
			b.WriteString(strings.TrimSuffix(line, "\n") + "\n")
		}
	}
	b.WriteString(strings.Join(lines, "\n") + "\n")
	return os.WriteFile(file, []byte(b.String()), 0o644)
}
