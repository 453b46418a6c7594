// Package seccomp leaves a helper the system calls that it makes, with the
// arguments that it makes them with. Any other ends the process (seccomp(2)).
//
// The table in table.go says which those are and why. It is written for a Go
// program without cgo whose files, but for those of the policy, are open before
// the filter is installed.
//
// What a filter cannot see is memory: the paths. No file is opened for writing under
// any profile; which are read is up to the user id and to Landlock.
package seccomp
