package privilege

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"
)

// UserName is that of the user which the helper becomes.
const UserName = "nethelper"

// A User is a user and its group.
type User struct{ UID, GID uint32 }

// passwd is where users are (passwd(5)). No other source counts, and least of all the
// environment, which os/user asks about a process's own user.
const passwd = "/etc/passwd"

// DedicatedUser looks up the user which the helper becomes in /etc/passwd. Of two
// entries the first counts, as for getpwnam(3).
func DedicatedUser() (User, error) {
	text, err := os.ReadFile(passwd)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return User{}, err
	}
	for line := range strings.Lines(string(text)) {
		entry := strings.Split(strings.TrimSuffix(line, "\n"), ":")
		if len(entry) != 7 || entry[0] != UserName {
			continue
		}
		uid, uidErr := parseID(entry[2])
		gid, gidErr := parseID(entry[3])
		if uidErr != nil || gidErr != nil {
			return User{}, fmt.Errorf("user %s: uid %q and gid %q are not those of an ordinary user", UserName, entry[2], entry[3])
		}
		return User{UID: uid, GID: gid}, nil
	}
	return User{}, fmt.Errorf("there is no user %s: create it as a system user without a login", UserName)
}

// parseID reads a user or group id that is neither root's nor the one that
// setresuid(2) takes for none.
func parseID(text string) (uint32, error) {
	id, err := strconv.ParseUint(text, 10, 32)
	if err == nil && (id == 0 || id == math.MaxUint32) {
		err = strconv.ErrRange
	}
	return uint32(id), err
}
