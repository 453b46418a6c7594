package stage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"

	"golang.org/x/sys/unix"
)

// Router makes a named namespace as an agent's router is: a pair of links that
// are up and have addresses, qr-0 and qr-1, and a bridge. For a route by a link
// without an address the kernel looks through all links for one to send from.
func Router(ctx context.Context, name string) error {
	if err := ip(ctx, "", "netns", "add", name); err != nil {
		return err
	}
	return ip(ctx, "link set lo up\nlink add br-0 type bridge\nlink add qr-0 type veth peer name qr-1\n"+
		"link set qr-0 up\nlink set qr-1 up\naddr add 192.0.2.1/25 dev qr-0\naddr add 192.0.2.129/25 dev qr-1\n", "-n", name, "-batch", "-")
}

// RemoveRouter takes the links away first, and with them the routes, so that
// nothing of it is left to be done while others are measured.
func RemoveRouter(ctx context.Context, name string) error {
	if err := ip(ctx, "", "-n", name, "link", "delete", "qr-0"); err != nil {
		return err
	}
	return ip(ctx, "", "netns", "delete", name)
}

// AddLinks gives a namespace n links called filler0, filler1 and so on, of a kind
// that this kernel makes and that sends nothing.
func AddLinks(ctx context.Context, netns string, n int) error {
	for _, kind := range []string{"dummy", "ifb", "bridge"} {
		if ip(ctx, "", "-n", netns, "link", "add", "filler0", "type", kind) != nil {
			continue
		}
		var lines strings.Builder
		for i := 1; i < n; i++ {
			fmt.Fprintf(&lines, "link add filler%d type %s\n", i, kind)
		}
		return ip(ctx, lines.String(), "-n", netns, "-batch", "-")
	}
	return errors.New("this kernel makes neither dummy nor ifb links, nor bridges")
}

func ip(ctx context.Context, stdin string, args ...string) error {
	cmd := exec.CommandContext(ctx, "ip", args...)
	cmd.Stdin = strings.NewReader(stdin)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("ip %s: %w\n%s", strings.Join(args, " "), err, bytes.TrimSpace(out))
	}
	return nil
}

// within runs do on a thread that is in the named namespace, and bound to one CPU
// if pinned is set. What do starts is there too. The thread ends with it.
func within(netns string, pinned bool, do func() error) error {
	result := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		result <- func() error {
			if netns != "" {
				if err := enterNetns(netns); err != nil {
					return err
				}
			}
			if pinned {
				var last unix.CPUSet
				last.Set(runtime.NumCPU() - 1)
				if err := unix.SchedSetaffinity(0, &last); err != nil {
					return fmt.Errorf("one CPU: %w", err)
				}
			}
			return do()
		}()
	}()
	return <-result
}

func enterNetns(name string) error {
	fd, err := unix.Open("/run/netns/"+name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("namespace %s: %w", name, err)
	}
	defer unix.Close(fd)
	if err := unix.Setns(fd, unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("namespace %s: %w", name, err)
	}
	return nil
}
