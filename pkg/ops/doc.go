// Package ops is what can be done: one declaration for each operation.
//
// An operation is a value. Its attributes are the fields of its params struct
// (see [attr.FieldsOf]), its result is a struct. Dispatch, decoding, policy
// checks, the helper's capabilities, the command line, completion, manuals and
// the CDDL are loops over [All].
//
// # Adding an operation
//
// Read a small one, such as link.altname.delete, and its script. Then:
//
//   - write test/script/OBJECT_VERB.txtar, a session that uses it,
//   - declare the operation in a file of its object,
//   - put it on [All], and a new object on objects in ops_test.go,
//   - run go test ./pkg/ops -update, which rewrites the documents that are
//     derived from the table, and go test ./test -run TestScript/OBJECT_VERB.
//
// The script comes first: once it is there, the tests say what else is missing.
// What has no script and no place on the table, they do not know.
//
// So it is with a new type of attribute: samples in the test of package attr,
// then a declaration (a number like [attr.QueueLength], a text like [attr.Label])
// and a place on [attr.Types]. An operation that makes a system call which no
// other does needs a row in the table of internal/seccomp.
package ops
