package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Principal is who asks, as the kernel knows it.
type Principal struct {
	UID uint32
	// GIDs are all the groups: the process's own and the supplementary ones.
	GIDs []uint32
}

// noID is the user and group id that nobody has: to the kernel it means none.
const noID = 1<<32 - 1

// A Who is a user or a group that a grant names.
type Who struct {
	Group bool
	ID    uint32
	// Name is the name that ID was found under, or empty where the policy gives
	// the number.
	Name string
}

// String returns user:NAME, uid:NUMBER, group:NAME or gid:NUMBER.
func (w Who) String() string {
	id := strconv.FormatUint(uint64(w.ID), 10)
	switch {
	case w.Group && w.Name != "":
		return "group:" + w.Name
	case w.Group:
		return "gid:" + id
	case w.Name != "":
		return "user:" + w.Name
	}
	return "uid:" + id
}

// Covers reports whether the principal is the user, or in the group.
func (w Who) Covers(p Principal) bool {
	if w.Group {
		return slices.Contains(p.GIDs, w.ID)
	}
	return p.UID == w.ID
}

// who reads one principal.
func (p *parser) who(text string) (Who, error) {
	kind, rest, _ := strings.Cut(text, ":")
	switch kind {
	case "user", "group":
		if err := checkAccount(rest); err != nil {
			return Who{}, err
		}
		find := p.names.UID
		if kind == "group" {
			find = p.names.GID
		}
		id, ok := find(rest)
		if !ok || id == noID {
			return Who{}, fmt.Errorf("no such %s: %q", kind, rest)
		}
		return Who{Group: kind == "group", ID: id, Name: rest}, nil
	case "uid", "gid":
		id, ok := parseID(rest)
		if !ok {
			return Who{}, fmt.Errorf("%q: want a number from 0 to %d, without leading zeros", rest, uint32(noID-1))
		}
		return Who{Group: kind == "gid", ID: id}, nil
	}
	return Who{}, fmt.Errorf("%q: want user:NAME, uid:NUMBER, group:NAME or gid:NUMBER", text)
}

// checkAccount says why s is no name of a user or group. A name that starts with
// a letter or an underscore is never taken for a number.
func checkAccount(s string) error {
	if !madeOf(s, letters+digits+"._-@$") || !madeOf(s[:1], letters+"_") {
		return fmt.Errorf("%q: want a name that starts with a letter or _ and goes on with letters, digits and ._-@$", s)
	}
	return nil
}

// parseID reads a user or group id in the one form it has.
func parseID(text string) (uint32, bool) {
	id, err := strconv.ParseUint(text, 10, 32)
	if err != nil || id == noID || text != strconv.FormatUint(id, 10) {
		return 0, false
	}
	return uint32(id), true
}
