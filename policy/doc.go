// Package policy decides who may do what: a pure function over typed attributes.
//
// A policy is text, one statement a line; README.md is its manual. [Open] reads
// the files and refuses what others could have written, [Parse] makes a [Policy]
// of them, and [Policy.Decide] answers. The package knows no operation: it is
// handed a [Schema], and every word of the text is checked against that when it
// is read.
//
// What holds:
//
//   - There are only grants. Adding one can only allow more, removing one can
//     only deny more, and their order means nothing.
//   - A decision allows only by naming the grant. The zero value of everything
//     denies.
//   - A policy with one error, in any file, is no policy.
package policy
