package seccomp

import (
	"fmt"
	"slices"

	"golang.org/x/sys/unix"
)

// Program returns the filter of a profile for this process.
func Program(p Profile) ([]unix.SockFilter, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	m, err := native()
	if err != nil {
		return nil, err
	}
	return assemble(m, p.rows(table(m, unix.Getpid())))
}

// rows returns those of all that the profile has.
func (p Profile) rows(all []row) []row {
	return slices.DeleteFunc(all, func(r row) bool { return r.from > p })
}

// Offsets in struct seccomp_data (linux/seccomp.h).
const (
	offsetNumber = 0
	offsetAudit  = 4
	offsetArgs   = 16
)

var (
	allow = unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_ALLOW}
	kill  = unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: unix.SECCOMP_RET_KILL_PROCESS}
)

// assemble writes a filter. It compares the number of the call with those of the
// table, one after the other. Where they are equal the outcome is decided there
// and then: the number is in the accumulator whenever it is compared with one,
// and no argument can be taken for it.
//
// Calls of another calling convention do not get that far where the kernel tells
// it by the architecture (i386), and have a number equal to none where it marks
// that with a bit (x32).
func assemble(m machine, rows []row) ([]unix.SockFilter, error) {
	program := []unix.SockFilter{load(offsetAudit), equal(m.audit, 1, 0), kill, load(offsetNumber)}
	for i, r := range rows {
		named := func(other row) bool { return other.call == r.call }
		if slices.ContainsFunc(rows[:i], named) {
			continue // it has been dealt with
		}
		number, ok := m.numbers[r.call]
		if !ok {
			return nil, fmt.Errorf("seccomp: the table has no number of %s", r.call)
		}
		var outcome []unix.SockFilter
		for _, alternative := range rows[i:] {
			if named(alternative) {
				outcome = append(outcome, alternative.permit()...)
			}
		}
		program = append(program, ifEqual(number, append(outcome, kill))...)
	}
	program = append(program, kill)
	if len(program) > unix.BPF_MAXINSNS {
		return nil, fmt.Errorf("seccomp: the filter has %d instructions, the kernel takes %d", len(program), unix.BPF_MAXINSNS)
	}
	return program, nil
}

// permit writes what allows a call if the row's conditions hold, and goes on
// behind it if not.
func (r row) permit() []unix.SockFilter {
	var code []unix.SockFilter
	for _, tests := range alternatives(r.when) {
		then := []unix.SockFilter{allow}
		for _, t := range slices.Backward(tests) {
			then = t.write(then)
		}
		code = append(code, then...)
	}
	return code
}

// write writes a test in front of what follows where it succeeds. The machine
// has words of 32 bits.
func (t test) write(then []unix.SockFilter) []unix.SockFilter {
	at := offsetArgs + 8*uint32(t.arg)
	then = writeHalf(at+4, uint32(t.mask>>32), uint32(t.value>>32), then)
	return writeHalf(at, uint32(t.mask), uint32(t.value), then)
}

func writeHalf(at, mask, value uint32, then []unix.SockFilter) []unix.SockFilter {
	switch mask {
	case 0:
		return then
	case ^uint32(0):
		return append([]unix.SockFilter{load(at)}, ifEqual(value, then)...)
	}
	return append([]unix.SockFilter{load(at), and(mask)}, ifEqual(value, then)...)
}

// maxJump is how far a conditional jump goes.
const maxJump = 255

// ifEqual writes code to be run if the accumulator is value, and skipped if not.
func ifEqual(value uint32, code []unix.SockFilter) []unix.SockFilter {
	if len(code) <= maxJump {
		return append([]unix.SockFilter{equal(value, 0, uint8(len(code)))}, code...)
	}
	return append([]unix.SockFilter{equal(value, 1, 0), skip(len(code))}, code...)
}

func load(offset uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
}

func and(mask uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_ALU | unix.BPF_AND | unix.BPF_K, K: mask}
}

// equal skips as many instructions as yes says if the accumulator is value, and
// as many as no says if not.
func equal(value uint32, yes, no uint8) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, Jt: yes, Jf: no, K: value}
}

func skip(instructions int) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JA, K: uint32(instructions)}
}
