// Package ops is what can be done: one declaration for each operation.
//
// An operation is a value. Its attributes are the fields of its params struct
// (see [attr.FieldsOf]), its result is a struct. Dispatch, decoding, policy
// checks, the helper's capabilities, the command line, completion, manuals and
// the CDDL are loops over [All].
//
// # Adding an operation
//
// Read a small one, such as link.altname.delete. Then:
//
//   - declare the operation in a file of its object,
//   - put it on [All],
//   - write test/script/OBJECT_VERB.txtar, a session that uses it,
//   - run go test ./pkg/ops -update, which rewrites the documents that are
//     derived from the table.
//
// The tests say which of them is missing. A new type of attribute is one
// declaration in package attr, a place on [attr.Types], and samples in its
// test. An operation that makes a system call which no other does needs a row in
// the table of internal/seccomp.
package ops
