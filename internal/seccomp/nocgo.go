//go:build !cgo

package seccomp

const cgo = false
