package attr

import (
	"fmt"
	"strconv"
	"strings"
)

// A Release is a version of Linux, as far as it tells what the kernel knows.
type Release struct{ Major, Minor int }

// ParseRelease reads the version at the head of a text such as 6.1.0-56-amd64
// (uname(2)).
func ParseRelease(text string) (Release, error) {
	major, rest, ok := strings.Cut(text, ".")
	minor := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
	r := Release{}
	var errMajor, errMinor error
	r.Major, errMajor = strconv.Atoi(major)
	r.Minor, errMinor = strconv.Atoi(minor)
	if !ok || errMajor != nil || errMinor != nil {
		return Release{}, fmt.Errorf("%q: want a version of Linux, such as 6.1", text)
	}
	return r, nil
}

// Before reports whether r is older than s.
func (r Release) Before(s Release) bool {
	return r.Major < s.Major || r.Major == s.Major && r.Minor < s.Minor
}

func (r Release) String() string { return fmt.Sprintf("%d.%d", r.Major, r.Minor) }
