// Package trust opens files and directories that nobody but trusted users can
// have changed.
//
// Every directory from the root down is opened by itself, without following
// symbolic links, and judged by its descriptor; so is the file. What was judged
// is what is read. Access control lists need no code: where one lets somebody
// write, its mask shows as the group's bit (acl(5)).
//
// Errors say what is wrong with which component, and what mends it.
package trust
