package channel

import "golang.org/x/sys/unix"

// atomic is how many bytes a pipe takes without blocking once it is writable
// (PIPE_BUF, pipe(7)); a stream socket takes no less.
const atomic = 4096

// write writes what the caller has room for, without blocking: the error is EAGAIN
// where there is none. That the descriptor has O_NONBLOCK is of no use, since the
// caller can take it away. System calls are made directly: package os ends the
// process on SIGPIPE.
func (c *Channel) write(b []byte) (int, error) {
	if !c.blocks {
		n, err := unix.Pwritev2(c.out, [][]byte{b}, -1, unix.RWF_NOWAIT)
		if err != unix.EOPNOTSUPP {
			return n, err
		}
		c.blocks = true // a pipe of Linux before 6.4
	}
	writable := []unix.PollFd{{Fd: int32(c.out), Events: unix.POLLOUT}}
	if n, err := unix.Ppoll(writable, &unix.Timespec{}, nil); err != nil || n == 0 {
		return 0, orAgain(err)
	}
	return unix.Write(c.out, b[:min(atomic, len(b))])
}

func orAgain(err error) error {
	if err == nil {
		return unix.EAGAIN
	}
	return err
}
