// Package client is how a Go program uses the helper.
//
// A [Client] starts the helper on the first call, and again on the first call
// after it ended. One client serves any number of goroutines: their requests
// are pipelined through one helper, which answers them in order.
//
//	c := client.New(client.Config{})
//	defer c.Close()
//	done, err := client.Call(ctx, c, ops.AddrAdd, ops.AddrAddParams{Dev: "eth0", Address: address})
//	if errors.Is(err, fs.ErrExist) {
//		// the address is there already
//	}
//
// # Errors
//
// What the helper answers is a [protocol.Error]: denied, invalid, the kernel's
// refusal with its errno. A helper that says in its hello that it cannot serve
// is an [UnavailableError]. A helper that ended, or never started, is a
// [HelperError], which tells whether the request may have been carried out. What
// provably was not, because it had not been sent, is made again with another
// helper, once; nothing else ever is.
//
// # Waiting
//
// To be woken takes longer than most requests. Whoever waits for a reply to an operation
// that took no more than 0.1 ms the last time therefore looks for it before it sleeps:
// for so long, or, on a machine with one processor, in a sleep of up to 5 ms in which
// no other goroutine runs.
//
// # Cancellation
//
// A call returns as soon as its context is done, or that time later, with the
// context's error. If the request was sent by then, the helper carries it out all
// the same, and the reply is read and dropped.
//
// # Lists
//
// [List] hands out the elements as they come. Replies come in order, so that a
// list that is not consumed stands in the way of what was asked after it. While
// nobody waits behind a list, it is read only as fast as it is consumed. As soon
// as somebody does, and be it the body of the loop over the list, the rest is
// read ahead into memory, up to a limit. A list that has reached the limit and
// is not consumed for some seconds ends with [ErrStalled].
package client
