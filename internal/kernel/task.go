package kernel

import (
	"errors"
	"strings"
	"time"

	"nethelper/pkg/attr"

	"github.com/mdlayher/netlink"
	"golang.org/x/sys/unix"
)

// A Task is the kernel as one request sees it. It remembers what the request
// came to touch.
type Task struct {
	k       *Kernel
	pause   Pause
	Touched Touched

	// Most tasks act in one namespace, and name no more links.
	first      Netns
	shortLinks [2]Link
}

// Touched is what a request came to touch, for its audit record.
type Touched struct {
	// Netns is the inode of the namespace that was acted in, or 0.
	Netns uint64
	// Links are the links that the request named, as they were resolved.
	Links []Link
}

// A Link is a name and what it stood for.
type Link struct {
	Name  attr.IfName
	Index uint32
}

// A Pause waits for a time. An error says that waiting has no purpose any more.
type Pause func(time.Duration) error

// Sleep is the pause of a task that nobody can lose interest in.
func Sleep(d time.Duration) error {
	time.Sleep(d)
	return nil
}

// Begin starts a task, which waits by pause where it has to wait.
func (k *Kernel) Begin(pause Pause) *Task {
	t := &Task{k: k, pause: pause}
	t.Touched.Links = t.shortLinks[:0]
	return t
}

// Release is the release of the running kernel.
func (t *Task) Release() attr.Release { return t.k.release }

// A Netns is a namespace that a task acts in.
type Netns struct {
	*conn
	id ID
	t  *Task
}

// Same reports whether n and other are one namespace.
func (n *Netns) Same(other *Netns) bool { return n.id == other.id }

// In opens the namespace called name; nil is the helper's own.
func (t *Task) In(name *attr.NetNS) (*Netns, error) {
	n, err := t.At("netns", name)
	if err != nil {
		return nil, err
	}
	t.Touched.Netns = n.id.Ino
	return n, nil
}

// At opens the namespace called name, the value of the attribute called
// attrName, to act in it beside the one that In opened.
func (t *Task) At(attrName string, name *attr.NetNS) (*Netns, error) {
	if name != nil {
		if c, id, ok := t.k.remembered(*name); ok {
			return t.netns(c, id), nil
		}
	}
	fd, id, done, err := t.open(attrName, name)
	if err != nil {
		return nil, err
	}
	defer done()
	c, err := t.k.conn(fd, id)
	if err != nil {
		return nil, err
	}
	if name != nil && *name != attr.OwnNetNS {
		t.k.remember(*name, id)
	}
	return t.netns(c, id), nil
}

func (t *Task) netns(c *conn, id ID) *Netns {
	n := &t.first
	if n.conn != nil {
		n = new(Netns)
	}
	*n = Netns{conn: c, id: id, t: t}
	return n
}

// Open opens the namespace called name, the value of the attribute called
// attrName, so that a message can refer to it (IFLA_NET_NS_FD). The descriptor
// is valid until done is called.
func (t *Task) Open(attrName string, name attr.NetNS) (fd int, done func(), err error) {
	fd, _, done, err = t.open(attrName, &name)
	return fd, done, err
}

func (t *Task) open(attrName string, name *attr.NetNS) (fd int, id ID, done func(), err error) {
	if name == nil || *name == attr.OwnNetNS {
		return t.k.own, t.k.ownID, func() {}, nil
	}
	fd, id, err = t.k.openNetns(*name)
	if err != nil {
		return -1, ID{}, nil, about(err, attrName)
	}
	return fd, id, func() { unix.Close(fd) }, nil
}

// Do carries out r and waits for the kernel's acknowledgement.
func (n *Netns) Do(r *Request) error { return n.kept(n.do(r, nil)) }

// Carry carries out exchanges, one after the other, with as few system calls as
// it takes. Each has its outcome for itself.
func (n *Netns) Carry(pack []*Exchange) {
	n.carry(pack)
	for _, e := range pack {
		e.Err = n.kept(e.Err)
	}
}

// Ask sends r and gives what the kernel answers before the acknowledgement to
// visit. The data of a message is valid until visit returns.
func (n *Netns) Ask(r *Request, visit func(netlink.Message) error) error {
	return n.kept(n.do(r, visit))
}

// Dump gives each object of a dump to visit, until that returns an error. The data
// of a message is valid until visit returns; visit itself may call Name, and send
// no message in the namespace, as Index does.
func (n *Netns) Dump(r *Request, visit func(netlink.Message) error) error {
	return n.kept(n.dump(r, visit))
}

// kept drops the socket after a failure that may have left answers in it. Nothing
// more can be done in the namespace by this task then.
func (n *Netns) kept(err error) error {
	if errors.Is(err, ErrUnknown) {
		n.t.k.drop(n.id)
	}
	return err
}

// Index returns the index of the link called name, the value of the attribute
// called attrName.
func (n *Netns) Index(attrName string, name attr.IfName) (uint32, error) {
	index, err := n.t.k.index(n.conn, name)
	if errors.Is(err, ErrUnknown) {
		return 0, n.kept(err)
	}
	if err != nil {
		return 0, &Error{Errno: errnoOf(err), Attr: attrName, Message: "no such link"}
	}
	n.t.Touched.Links = append(n.t.Touched.Links, Link{name, index})
	return index, nil
}

// Name returns the canonical name of the link with the index, or "" where there
// is none. The kernel lets names hold any byte: what is not UTF-8 is replaced.
func (n *Netns) Name(index uint32) attr.IfName {
	name, err := n.conn.name(index)
	if err != nil {
		return ""
	}
	return attr.IfName(strings.ToValidUTF8(name, "\uFFFD"))
}

const (
	waitFirst = 20 * time.Millisecond
	waitMost  = time.Second
)

// WaitIndex is Index, but waits up to limit for the link to appear, as long as the
// task's pauses have a purpose.
func (n *Netns) WaitIndex(attrName string, name attr.IfName, limit time.Duration) (uint32, error) {
	deadline := time.Now().Add(limit)
	for pause := waitFirst; ; pause = min(2*pause, waitMost) {
		index, err := n.Index(attrName, name)
		left := time.Until(deadline)
		if err == nil || left <= 0 || !errors.Is(err, unix.ENODEV) {
			return index, err
		}
		if n.t.pause(min(pause, left)) != nil {
			return 0, err
		}
	}
}
