package stage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Prepare makes the stage of this process, which is inside. Programs is a folder
// of which a copy is at [Dir], where all users reach it; helper is the program to
// install.
func Prepare(programs, helper string) error {
	if err := mounts(); err != nil {
		return err
	}
	if err := accounts(); err != nil {
		return err
	}
	if err := copyTree(programs, Dir); err != nil {
		return err
	}
	if err := copyFile(helper, Helper); err != nil {
		return err
	}
	// Chown clears the set-id bit, so it comes first.
	return errors.Join(
		os.Chown(Helper, 0, HelperGID),
		os.Chmod(Helper, 0o750|os.ModeSetuid),
		os.RemoveAll("/etc/nethelper"),
		os.MkdirAll(dropIns, 0o755),
	)
}

// copyTree copies the files in a folder and the folders below it.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(to, strings.TrimPrefix(path, from))
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		return copyFile(path, target)
	})
}

func copyFile(from, to string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, content, 0o755)
}

const (
	policyFile = "/etc/nethelper/policy"
	dropIns    = "/etc/nethelper/policy.d"
)

// maxDropIn is less than the helper reads of a file.
const maxDropIn = 200 << 10

// SetPolicy puts a policy in force. What does not fit a file goes on in drop-ins.
func SetPolicy(text string) error {
	if err := os.RemoveAll(dropIns); err != nil {
		return err
	}
	if err := os.Mkdir(dropIns, 0o755); err != nil {
		return err
	}
	for i, part := range split(text, maxDropIn) {
		file := policyFile
		if i > 0 {
			file = fmt.Sprintf("%s/part%02d.policy", dropIns, i)
		}
		if err := os.WriteFile(file+".new", []byte(part), 0o640); err != nil {
			return err
		}
		if err := errors.Join(os.Chown(file+".new", 0, HelperGID), os.Rename(file+".new", file)); err != nil {
			return err
		}
	}
	return nil
}

// split cuts a text between lines into parts of at most size bytes, of which there
// is at least one.
func split(text string, size int) []string {
	var parts []string
	for len(text) > size {
		end := strings.LastIndexByte(text[:size], '\n') + 1
		if end == 0 {
			break // a line that long is an error for whoever reads it
		}
		parts, text = append(parts, text[:end]), text[end:]
	}
	return append(parts, text)
}

// ForgetRecords empties the audit log, of which a round would write gigabytes.
func ForgetRecords() error {
	err := os.Truncate(audit, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return err
}
