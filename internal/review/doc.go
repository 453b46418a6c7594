// Package review answers what an operator asks of a policy: what a change allows
// that was denied before, which grants say nothing that others do not say, which
// say more than they seem to.
//
// The patterns of a policy tell only so many requests for one operation apart. All
// others are like one of these, so that a question about infinitely many requests
// becomes one about finitely many: each attribute has a list of values that stand
// for all ([attr.Type.Atoms]), a grant is a box in the space that these lists span,
// and what one grant allows and others do not is the box without theirs. Where the
// answer is a request, package policy is asked whether it says the same.
package review
