package kernel

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// onThread runs f on a thread that is destroyed afterwards, so that f may leave
// it in another namespace or working directory. It is never the main thread:
// that one cannot be destroyed, and the process would seem to be where it is.
func onThread(f func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		if unix.Gettid() == unix.Getpid() {
			// While this goroutine holds the main thread, another gets another.
			err := onThread(f)
			runtime.UnlockOSThread()
			done <- err
			return
		}
		done <- f()
	}()
	return <-done
}
