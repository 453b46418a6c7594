package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// helperPID returns the process that is the only child of this one.
func helperPID() (string, error) {
	files, err := filepath.Glob("/proc/[0-9]*/status")
	if err != nil {
		return "", err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		if field(string(text), "PPid") == strconv.Itoa(os.Getpid()) {
			return filepath.Base(filepath.Dir(file)), nil
		}
	}
	return "", fmt.Errorf("no process is a child of %d", os.Getpid())
}

// statusKiB returns a size out of /proc/PID/status.
func statusKiB(pid, name string) (float64, error) {
	text, err := os.ReadFile("/proc/" + pid + "/status")
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(strings.TrimSuffix(field(string(text), name), " kB"), 64)
}

// switches returns how often the threads of a process have been switched to.
func switches(pid string) (total float64, err error) {
	files, err := filepath.Glob("/proc/" + pid + "/task/*/status")
	if err != nil {
		return 0, err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return 0, err
		}
		for _, name := range []string{"voluntary_ctxt_switches", "nonvoluntary_ctxt_switches"} {
			n, err := strconv.ParseFloat(field(string(text), name), 64)
			if err != nil {
				return 0, err
			}
			total += n
		}
	}
	return total, nil
}

// field returns a value out of lines of NAME: VALUE.
func field(text, name string) string {
	for line := range strings.Lines(text) {
		if n, value, ok := strings.Cut(line, ":"); ok && n == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
