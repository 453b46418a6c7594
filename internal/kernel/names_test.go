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
	if _, _, ok := k.remembered("a"); !ok {
		t.Fatal("the name is not remembered")
	}
	k.drop(a.id)
	run(t, "ip netns delete a")
	other, err := dial() // of another namespace that came to have the inode
	if err != nil {
		t.Fatal(err)
	}
	k.conns[a.id] = other
	if gone, err := k.Begin(Sleep).In(new(attr.NetNS("a"))); err == nil {
		t.Errorf("the name of a namespace that is gone stands for inode %d, which is that of another", gone.id.Ino)
	}
}
