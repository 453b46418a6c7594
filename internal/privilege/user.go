package privilege

import (
	"fmt"
	"math"
	"os/user"
	"strconv"
)

// UserName is that of the user which the helper becomes.
const UserName = "nethelper"

// A User is a user and its group.
type User struct{ UID, GID uint32 }

// DedicatedUser looks up the user which the helper becomes in /etc/passwd.
func DedicatedUser() (User, error) {
	found, err := user.Lookup(UserName)
	if err != nil {
		return User{}, fmt.Errorf("there is no user %s: create it as a system user without a login", UserName)
	}
	uid, uidErr := parseID(found.Uid)
	gid, gidErr := parseID(found.Gid)
	if uidErr != nil || gidErr != nil {
		return User{}, fmt.Errorf("user %s: uid %q and gid %q are not those of an ordinary user", UserName, found.Uid, found.Gid)
	}
	return User{UID: uid, GID: gid}, nil
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
