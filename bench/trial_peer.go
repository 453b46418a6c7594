package main

import (
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"time"

	"nethelper/bench/stage"
	"nethelper/pkg/attr"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// outside is a destination that no grant holds.
var outside = attr.Prefix{Prefix: netip.MustParsePrefix("192.0.2.0/24")}

// inet and mainTable are what the policy lets be listed.
func inet() *attr.Family { f := attr.Family(unix.AF_INET); return &f }

func mainTable() *attr.Table { t := attr.Table(unix.RT_TABLE_MAIN); return &t }

// starts runs a program that is in the folder of the benchmarks.
func starts(path string) func(*Trial) error {
	return func(t *Trial) error {
		return t.repeat(func(int) error { return exec.Command(stage.Dir + path).Run() })
	}
}

// spawned runs ip for each route.
func spawned(words ...string) func(*Trial) error {
	return func(t *Trial) error {
		return t.repeat(func(i int) error {
			r := route(t.Netns, 0, i*destinations)
			line := append(words[:len(words):len(words)], "-n", string(t.Netns), "route", "replace", r.Dst.String(), "dev", string(*r.Dev))
			out, err := exec.Command(line[0], line[1:]...).CombinedOutput()
			if err != nil {
				return fmt.Errorf("%s: %w: %s", strings.Join(line, " "), err, out)
			}
			return nil
		})
	}
}

// ipBatch has ip read its commands from a pipe.
func ipBatch(t *Trial) error {
	var lines strings.Builder
	for i := range t.N {
		r := routeTo(t.Netns, uint32(i))
		lines.WriteString("route add " + r.Dst.String() + " dev " + string(*r.Dev) + "\n")
	}
	cmd := exec.Command("/usr/sbin/ip", "-batch", "-")
	cmd.Stdin, cmd.Stderr = strings.NewReader(lines.String()), os.Stderr
	begin := time.Now()
	if err := cmd.Run(); err != nil {
		return err
	}
	t.reportRate(begin)
	return nil
}

// ipList has ip print a table to nowhere.
func ipList(t *Trial) error {
	cmd := exec.Command("/usr/sbin/ip", "-4", "route", "show")
	cmd.Stderr = os.Stderr
	begin := time.Now()
	if err := cmd.Run(); err != nil {
		return err
	}
	t.reportRate(begin)
	return nil
}

func (t *Trial) reportRate(begin time.Time) {
	took := time.Since(begin)
	t.Report("ms", millis(took))
	t.Report("routes/s", float64(t.N)/took.Seconds())
}

// library makes the changes in its own process, as root, with nothing between it
// and the kernel but the library.
func library(t *Trial) error {
	c, err := netlink.Dial(unix.NETLINK_ROUTE, nil)
	if err != nil {
		return err
	}
	defer c.Close()
	var index [2]uint32
	for i, name := range ports {
		link, err := net.InterfaceByName(string(name))
		if err != nil {
			return err
		}
		index[i] = uint32(link.Index)
	}
	return t.sequence(func(i int) error {
		dst := routeTo(t.Netns, uint32(1)<<8+uint32(i%destinations)).Dst
		attrs := netlink.NewAttributeEncoder()
		attrs.Bytes(unix.RTA_DST, dst.Addr().AsSlice())
		attrs.Uint32(unix.RTA_OIF, index[i/destinations%2])
		body, err := attrs.Encode()
		if err != nil {
			return err
		}
		header := []byte{unix.AF_INET, 32, 0, 0, unix.RT_TABLE_MAIN, unix.RTPROT_STATIC, unix.RT_SCOPE_LINK, unix.RTN_UNICAST, 0, 0, 0, 0}
		_, err = c.Execute(netlink.Message{
			Header: netlink.Header{Type: unix.RTM_NEWROUTE, Flags: netlink.Request | netlink.Acknowledge | netlink.Create | netlink.Replace},
			Data:   append(header, body...),
		})
		return err
	})
}
