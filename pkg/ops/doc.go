// Package ops is what can be done: one declaration for each operation.
//
// An operation is a value. Its attributes are the fields of its params struct
// (see [attr.FieldsOf]), its result is a struct. Dispatch, decoding, policy
// checks, the helper's capabilities, the command line, completion, manuals and
// the CDDL are loops over [All].
//
// To add an operation, declare it in the file of its object, put it on [All],
// and write a script test/script/OBJECT_VERB.txtar that uses it.
package ops
