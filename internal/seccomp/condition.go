package seccomp

// A condition holds if an argument, under a mask, is one of some values. All 64
// bits are compared, so that it does not matter how many of them the kernel
// looks at.
type condition struct {
	arg    int // from 0
	mask   uint64
	values []uint64
	text   string
}

// is holds if the argument is one of the values, which text names: A or B.
func is(arg int, text string, values ...uint64) condition {
	return condition{arg: arg, mask: ^uint64(0), values: values, text: text}
}

// within holds if no bit of the argument is set but those of bits.
func within(arg int, text string, bits uint64) condition {
	return condition{arg: arg, mask: ^bits, values: []uint64{0}, text: "within " + text}
}

// has holds if all of bits are set in the argument.
func has(arg int, text string, bits uint64) condition {
	return condition{arg: arg, mask: bits, values: []uint64{bits}, text: "has " + text}
}

// A test is a condition with one value.
type test struct {
	arg         int
	mask, value uint64
}

// alternatives returns the ways in which all conditions can hold: for each a list
// of tests that all have to succeed. Without conditions that is one empty list.
func alternatives(conditions []condition) [][]test {
	if len(conditions) == 0 {
		return [][]test{nil}
	}
	first, rest := conditions[0], alternatives(conditions[1:])
	var all [][]test
	for _, value := range first.values {
		for _, tests := range rest {
			all = append(all, append([]test{{first.arg, first.mask, value}}, tests...))
		}
	}
	return all
}
