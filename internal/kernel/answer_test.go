package kernel

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"

	"github.com/jsimonetti/rtnetlink/v2"
	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// newVxlan makes a request for a vxlan link, in which one attribute can be bad.
func newVxlan(name string, id uint32, mtu []byte) *Request {
	r := NewRequest(unix.RTM_NEWLINK, netlink.Create|netlink.Excl, &rtnetlink.LinkMessage{})
	r.String("name", unix.IFLA_IFNAME, name)
	r.Nest("", unix.IFLA_LINKINFO, func() {
		r.String("kind", unix.IFLA_INFO_KIND, "vxlan")
		r.Nest("vxlan", unix.IFLA_INFO_DATA, func() {
			r.Uint8("vxlan.learning", unix.IFLA_VXLAN_LEARNING, 0)
			r.Uint32("vxlan.id", unix.IFLA_VXLAN_ID, id)
			r.Uint16BE("vxlan.port", unix.IFLA_VXLAN_PORT, 4789)
		})
	})
	r.Bytes("mtu", unix.IFLA_MTU, mtu)
	return r
}

// An error of the kernel names the attribute that it is about, in nests too.
func TestErrorNamesAttribute(t *testing.T) {
	n := own(t, newTask(t))
	mtu := binary.NativeEndian.AppendUint32(nil, 1400)
	if err := n.Do(newVxlan("vx0", 7, mtu)); errors.Is(err, unix.EOPNOTSUPP) {
		t.Skip("no vxlan here: ", err)
	} else if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		attr    string
		request *Request
		errno   error
	}{
		{"vxlan.id", newVxlan("vx1", 1<<24, mtu), unix.ERANGE},
		{"mtu", newVxlan("vx1", 8, mtu[:2]), unix.ERANGE},
		{"name", newVxlan("a name that is too long", 8, mtu), unix.ERANGE},
	} {
		err := n.Do(c.request)
		var e *Error
		if !errors.As(err, &e) || e.Attr != c.attr || e.Message == "" || !errors.Is(err, c.errno) {
			t.Errorf("%#v, want errno %v about %q with the kernel's words", err, c.errno, c.attr)
		}
	}
	run(t, "ip link show dev vx0")
}

// What another process sends to the socket does not reach it.
func TestForgedAnswer(t *testing.T) {
	n := own(t, newTask(t))
	if err := n.Do(setLo(true)); err != nil {
		t.Fatal(err)
	}
	address, err := unix.Getsockname(int(n.conn.socket))
	if err != nil {
		t.Fatal(err)
	}
	forger, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(forger)
	b := binary.NativeEndian.AppendUint32(nil, unix.SizeofNlMsghdr+errnoSize)
	b = binary.NativeEndian.AppendUint16(b, unix.NLMSG_ERROR)
	b = binary.NativeEndian.AppendUint16(b, 0)
	b = binary.NativeEndian.AppendUint32(b, n.conn.sequence+1) // what the next request will have
	b = binary.NativeEndian.AppendUint32(b, 0)
	refused := -int32(unix.EPERM)
	b = binary.NativeEndian.AppendUint32(b, uint32(refused))
	if err := unix.Sendto(forger, b, 0, address); !errors.Is(err, unix.ECONNREFUSED) {
		t.Errorf("the forger is told %v, want ECONNREFUSED", err)
	}
	if err := n.Do(setLo(true)); err != nil {
		t.Errorf("believed: %v", err)
	}
}

// The object that is asked for comes before the acknowledgement, and an error of
// the one who looks at it leaves nothing behind.
func TestAsk(t *testing.T) {
	n := own(t, newTask(t))
	ask := NewRequest(unix.RTM_GETLINK, 0, &rtnetlink.LinkMessage{Index: 1})
	stop := errors.New("stop")
	for _, want := range []error{nil, stop, nil} {
		count := 0
		err := n.Ask(ask, func(m netlink.Message) error {
			if m.Header.Type != unix.RTM_NEWLINK {
				t.Errorf("message of type %d", m.Header.Type)
			}
			count++
			return want
		})
		if err != want || count != 1 {
			t.Errorf("%v after %d objects, want %v after 1", err, count, want)
		}
	}
}

// Whatever bytes a datagram has, reading it ends, and what is read lies in it.
func FuzzMessages(f *testing.F) {
	f.Add([]byte{16, 0, 0, 0, 2, 0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0})
	f.Add(append(bytes.Repeat([]byte{20, 0, 0, 0, 3, 0}, 1), make([]byte, 14)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		r := newVxlan("vx0", 1, []byte{0, 0, 0, 0})
		total := 0
		for m, err := range messages(b) {
			if err != nil {
				if !errors.Is(err, ErrUnknown) {
					t.Error(err)
				}
				break
			}
			total += unix.SizeofNlMsghdr + len(m.Data)
			if err := r.answer(m); err != nil && err.Error() == "" {
				t.Error("an error that says nothing")
			}
		}
		if total > len(b) {
			t.Errorf("%d bytes of messages in %d", total, len(b))
		}
	})
}
