package kernel

import (
	"testing"

	"nethelper/pkg/attr"
)

// A name is forgotten with the socket of its namespace, since nothing keeps the inode
// from becoming that of another: not even within a lot does the name stand for that.
func TestDroppedName(t *testing.T) {
	task := newTask(t)
	k := task.k
	run(t, "ip netns add a")
	k.BeginLot()
	defer k.EndLot()
	a, err := task.In(new(attr.NetNS("a")))
	if err != nil {
		t.Fatal(err)
	}
	was := a.id
	k.drop(was)
	run(t, "ip netns delete a")
	const tries = 50
	for range tries {
		run(t, "ip netns add b")
		b, err := k.Begin(Sleep).In(new(attr.NetNS("b")))
		if err != nil {
			t.Fatal(err)
		}
		if b.id != was {
			k.drop(b.id)
			run(t, "ip netns delete b")
			continue
		}
		if gone, err := k.Begin(Sleep).In(new(attr.NetNS("a"))); err == nil {
			t.Errorf("the name of a namespace that is gone stands for inode %d, which is that of another", gone.id.Ino)
		}
		return
	}
	t.Skip("the inode did not become that of another namespace")
}
