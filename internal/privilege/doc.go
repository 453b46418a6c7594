// Package privilege takes away from the helper what its caller's grants do not
// need, and what its caller has arranged for it.
//
// A helper that gained privilege at exec goes through two stages of one binary.
//
// Stage 0 runs on the main thread only, which stays locked, and changes that
// thread's credentials only. It puts right what exec let through ([Repair]),
// sheds groups, user, capabilities and bounding set, locks the securebits, sets
// no_new_privs, and executes the binary again with an environment of its own
// ([Shed]). Whatever other threads held, and whatever the Go runtime took from
// the caller's environment, ends there.
//
// Stage 1 is born on every thread with what is left. It knows itself by the
// kernel's state alone ([OriginOf]): real, effective and saved ids of the
// dedicated user or of root, no_new_privs, and locked securebits. Locking them
// takes CAP_SETPCAP, so an unprivileged caller cannot get there; one in a user
// namespace of its own can, with what it has anyway. Stage 1 then checks that it
// holds what the policy asks for and nothing else ([Settle]).
//
// A helper whose file has capabilities instead of the setuid bit goes through two
// stages as well ([Scope]), but has not the power to change its user or to drop
// its bounding set: it stays a process of its caller's, who may end it at any
// time, and cannot be uid 0. Its stage 1 need not know itself for certain: with
// no_new_privs exec gives nothing, so that whoever starts it that way holds as
// much already.
//
// A helper that gained nothing acts with its caller's power. It gives up what
// the policy does not ask for in place, on all threads ([Reduce]).
package privilege
