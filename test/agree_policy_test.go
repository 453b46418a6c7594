package test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nethelper/internal/audit"
)

// What the helper decided on random requests is what replay, the expectations that
// check tries, explain and who say of them.
func TestPolicyAgrees(t *testing.T) {
	const asked, looked = 3000, 40
	r := rand.New(rand.NewPCG(11, 12))
	pick := func(words ...string) string { return words[r.IntN(len(words))] }
	var rules, batch strings.Builder
	for range 12 {
		op, attrs := pick("addr.list", "link.get", "route.get", "neigh.list"), ""
		switch op {
		case "link.get":
			attrs = " dev=" + pick("a*", "b?", "ab,b", "*")
		case "route.get":
			attrs = " dst=" + pick("10.0.0.0/8", "10.128.0.0/9", "192.0.2.1") + pick("", " oif=a*", " oif=*,-")
		default:
			attrs = pick("", " dev=a*", " dev=b,-") + pick("", " family=inet", " family=*,-")
		}
		fmt.Fprintf(&rules, "grant %s %s%s\n", pick("uid:0", "gid:0", "uid:1"), op, attrs)
	}
	for range asked {
		op, attrs := pick("addr.list", "link.get", "route.get", "neigh.list"), ""
		switch op {
		case "link.get":
			attrs = " dev=" + pick("a", "ab", "b", "bc", "c")
		case "route.get":
			attrs = " dst=" + pick("10.1.1.1", "10.200.1.1", "192.0.2.1", "192.0.2.2") + pick("", " oif=a", " oif=c")
		default:
			attrs = pick("", " dev=a", " dev=b", " dev=c") + pick("", " family=inet", " family=inet6")
		}
		batch.WriteString(op + attrs + "\n")
	}
	l := newLab(t, rules.String())
	l.write("batch", batch.String())
	if err := l.command("nethelperctl --keep-going -f batch >/dev/null 2>&1").Run(); err == nil {
		t.Error("none of the requests failed")
	}

	l.sh("nethelperctl policy replay audit policy")
	log, err := os.Open(l.audit)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	expected := strings.Builder{}
	allowed, denied, line := 0, 0, 0
	for at, err := range audit.Lines(log) {
		if err != nil {
			t.Fatal(err)
		}
		if at.Event != audit.Decide {
			continue
		}
		if at.Verdict == audit.Allow {
			allowed++
		} else {
			denied++
		}
		fmt.Fprintf(&expected, "expect %s gid:0 %s\n", at.Verdict, at.Call)
		if line++; line%(asked/looked) == 0 {
			l.explained(at)
		}
	}
	if allowed+denied != asked || allowed < asked/10 || denied < asked/10 {
		t.Errorf("%d are allowed and %d denied of %d", allowed, denied, asked)
	}
	// A principal of an expectation is one user or one group: here both are meant.
	l.write("both", strings.ReplaceAll(rules.String(), "uid:0", "gid:0"))
	l.write("expected", expected.String())
	l.sh("nethelperctl policy test both expected")
}

// explained checks what explain and who say of a request that is on record.
func (l *lab) explained(at audit.Line) {
	l.t.Helper()
	var explained struct {
		Allowed bool
		Grant   string
	}
	out, err := l.command(fmt.Sprintf("nethelperctl --json policy explain --record %d audit policy", at.Number)).Output()
	if _, exited := err.(*exec.ExitError); err != nil && !exited {
		l.t.Fatal(err)
	}
	if err := json.Unmarshal(out, &explained); err != nil {
		l.t.Fatalf("%v: %s", err, out)
	}
	if explained.Allowed != (at.Verdict == audit.Allow) || explained.Allowed && explained.Grant != at.Grant {
		l.t.Errorf("line %d: the helper says %s %s, explain %+v", at.Number, at.Verdict, at.Grant, explained)
	}
	if who := l.sh("nethelperctl policy who policy " + at.Call); explained.Allowed && !strings.Contains(who, "# "+at.Grant+":") {
		l.t.Errorf("%s is allowed by %s, and who says\n%s", at.Call, at.Grant, who)
	}
}

// write writes a file of the lab.
func (l *lab) write(name, text string) {
	l.t.Helper()
	if err := os.WriteFile(filepath.Join(l.work, name), []byte(text), 0o644); err != nil {
		l.t.Fatal(err)
	}
}
