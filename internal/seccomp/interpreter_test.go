package seccomp

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// A call is what the kernel shows to a filter: struct seccomp_data.
type call struct {
	number, audit uint32
	pointer       uint64
	args          [6]uint64
}

// word returns the word that stands at an offset.
func (c call) word(offset uint32) (uint32, error) {
	half := func(v uint64) uint32 { return uint32(v >> (offset % 8 * 8)) }
	switch {
	case offset%4 != 0 || offset >= 64:
		return 0, fmt.Errorf("load at %d", offset)
	case offset == 0:
		return c.number, nil
	case offset == 4:
		return c.audit, nil
	case offset < 16:
		return half(c.pointer), nil
	}
	return half(c.args[(offset-16)/8]), nil
}

// run interprets a filter as the kernel does (seccomp(2), and the classic BPF of
// networking/filter.rst), and returns its verdict. What the kernel would not load
// is an error.
func run(program []unix.SockFilter, c call) (uint32, error) {
	var a uint32
	for pc := 0; pc < len(program); pc++ {
		switch in := program[pc]; in.Code {
		case 0x20: // ld [k]
			v, err := c.word(in.K)
			if err != nil {
				return 0, err
			}
			a = v
		case 0x54: // and #k
			a &= in.K
		case 0x05: // ja k
			if uint64(pc)+1+uint64(in.K) >= uint64(len(program)) {
				return 0, fmt.Errorf("%d: jump out of the program", pc)
			}
			pc += int(in.K)
		case 0x15: // jeq #k, jt, jf
			if pc+1+int(max(in.Jt, in.Jf)) >= len(program) {
				return 0, fmt.Errorf("%d: jump out of the program", pc)
			}
			if a == in.K {
				pc += int(in.Jt)
			} else {
				pc += int(in.Jf)
			}
		case 0x06: // ret #k
			return in.K, nil
		default:
			return 0, fmt.Errorf("%d: instruction %#x", pc, in.Code)
		}
	}
	return 0, fmt.Errorf("the program does not end")
}
