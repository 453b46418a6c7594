package test

import (
	"os"
	"strings"
	"testing"
	"time"
)

// A helper that waits on behalf of a caller ends with the caller, and records
// what became of the request.
func TestHangUpWhileItWaits(t *testing.T) {
	l := newLab(t, "grant uid:0 link.set dev=lab* mtu=* wait=*")
	c := l.start().greeted()
	c.send("link.set dev=lab0 mtu=1400 wait=30000")
	records := func() string {
		text, err := os.ReadFile(l.audit)
		c.must(err)
		return string(text)
	}
	for !strings.Contains(records(), `"event":"decide"`) {
		time.Sleep(5 * time.Millisecond)
	}
	c.must(c.to.Close())
	c.must(c.from.Close())
	if code := c.ended(time.Second); code != 0 {
		t.Errorf("exit code %d", code)
	}
	for _, want := range []string{`"event":"done"`, `"code":"not-found"`, `"event":"end"`} {
		if !strings.Contains(records(), want) {
			t.Errorf("no %s in\n%s", want, records())
		}
	}
}
