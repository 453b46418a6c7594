package privilege

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestHandover(t *testing.T) {
	for text, h := range map[string]Handover{
		"uid=0 gid=0 pid=1 audit=3 slot=-1 quota=-1 policy= groups= repaired=": {Caller: Caller{PID: 1}, Audit: 3, Slot: NoSlot, Quota: NoLock},
		"uid=4294967295 gid=61002 pid=4194304 audit=4 slot=5 quota=6 policy=0f groups=60999,0 repaired=RLIMIT_CPU 5, RLIMIT_FSIZE 0;blocked signals": {
			Caller: Caller{UID: math.MaxUint32, GID: 61002, Groups: []uint32{60999, 0}, PID: 1 << 22},
			Audit:  4, Slot: 5, Quota: 6, Policy: "0f", Repaired: []string{"RLIMIT_CPU 5, RLIMIT_FSIZE 0", "blocked signals"},
		},
	} {
		if got := h.text(); got != text {
			t.Errorf("%+v: %q, want %q", h, got, text)
		}
		if got, err := parseHandover(text); err != nil || !reflect.DeepEqual(got, h) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

func TestHandoverOfOthers(t *testing.T) {
	const good = "uid=61002 gid=61002 pid=1 audit=4 slot=5 quota=6 policy=0f groups=60999 repaired="
	if _, err := parseHandover(good); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{"uid=61002 ", ""}, {"uid=61002", "uid="}, {"uid=61002", "uid=-1"}, {"uid=61002", "uid=4294967296"}, {"uid=61002", "uid=061002"},
		{"uid=61002", "uid=+61002"}, {"uid=61002", "uid=0x1"}, {"uid=61002 gid=61002", "gid=61002 uid=61002"}, {"audit=4", "audit=-1"},
		{"slot=5", "slot=-2"}, {"quota=6", "quota=9223372036854775808"}, {"groups=60999", "groups=60999,"}, {"groups=60999", "groups=-1"},
		{"groups=60999", "groups=60999 more=1"}, {" policy=0f", ""}, {"policy=0f", "policy=0 f"}, {" repaired=", ""}, {"uid=", " uid="}, {good, ""},
	} {
		text := strings.Replace(good, change[0], change[1], 1)
		if h, err := parseHandover(text); err == nil {
			t.Errorf("%q: %+v", text, h)
		}
	}
}
