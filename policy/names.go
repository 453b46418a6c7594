package policy

import (
	"errors"
	"io/fs"
	"strings"

	"nethelper/internal/trust"
)

// Names tells the numbers of users and groups.
type Names interface {
	// UID returns the user's id, and false if there is no such user.
	UID(user string) (uint32, bool)
	// GID returns the group's id, and false if there is no such group.
	GID(group string) (uint32, bool)
	// Groups returns the groups that the user is in, the primary one first.
	Groups(user string) []uint32
}

// Accounts are the users and groups of passwd(5) and group(5). The zero value
// knows none.
type Accounts struct {
	users  map[string]account
	groups map[string]uint32
	member map[string][]uint32 // supplementary groups by user
}

type account struct{ uid, gid uint32 }

// AccountsDir is where the files of users and groups are.
const AccountsDir = "/etc"

const (
	passwdFile  = AccountsDir + "/passwd"
	groupFile   = AccountsDir + "/group"
	maxAccounts = 16 << 20 // bytes
)

// ReadAccounts reads /etc/passwd and /etc/group, and no other source of names. A
// file that is not there has no names in it. The files are the system's: in a
// user namespace they may belong to whom its directories may belong to.
func ReadAccounts(owners trust.Owners) (*Accounts, error) {
	owners.Files = owners.Dirs
	passwd, err := readIfThere(owners, passwdFile)
	if err != nil {
		return nil, err
	}
	group, err := readIfThere(owners, groupFile)
	if err != nil {
		return nil, err
	}
	return ParseAccounts(passwd, group), nil
}

func readIfThere(owners trust.Owners, path string) ([]byte, error) {
	text, _, err := owners.ReadFile(path, maxAccounts)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}

// ParseAccounts reads the texts of passwd(5) and group(5). Of two entries with
// one name the first counts, as for getpwnam(3). What is no entry is passed over:
// a name that is in none does not resolve.
func ParseAccounts(passwd, group []byte) *Accounts {
	a := &Accounts{
		users:  make(map[string]account),
		groups: make(map[string]uint32),
		member: make(map[string][]uint32),
	}
	for line := range strings.Lines(string(passwd)) {
		entry := strings.Split(strings.TrimSuffix(line, "\n"), ":")
		if len(entry) != 7 {
			continue
		}
		uid, uidOK := parseID(entry[2])
		gid, gidOK := parseID(entry[3])
		if _, there := a.users[entry[0]]; uidOK && gidOK && !there {
			a.users[entry[0]] = account{uid, gid}
		}
	}
	for line := range strings.Lines(string(group)) {
		entry := strings.Split(strings.TrimSuffix(line, "\n"), ":")
		if len(entry) != 4 {
			continue
		}
		gid, ok := parseID(entry[2])
		if _, there := a.groups[entry[0]]; !ok || there {
			continue
		}
		a.groups[entry[0]] = gid
		for user := range strings.SplitSeq(entry[3], ",") {
			a.member[user] = append(a.member[user], gid)
		}
	}
	return a
}

// UID returns the user's id, and false if there is no such user.
func (a *Accounts) UID(user string) (uint32, bool) {
	entry, ok := a.users[user]
	return entry.uid, ok
}

// GID returns the group's id, and false if there is no such group.
func (a *Accounts) GID(group string) (uint32, bool) {
	gid, ok := a.groups[group]
	return gid, ok
}

// Groups returns the groups that the user is in, the primary one first.
func (a *Accounts) Groups(user string) []uint32 {
	entry, ok := a.users[user]
	if !ok {
		return nil
	}
	return append([]uint32{entry.gid}, a.member[user]...)
}
