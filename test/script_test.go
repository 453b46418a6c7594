package test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestScript runs each script as root of a network and a mount namespace of its
// own, with both programs on PATH. A script brings its policy as a file "policy";
// the audit records are in the file "audit".
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
		Setup:               setup,
		Condition:           condition,
	})
}

func setup(e *testscript.Env) error {
	bin := os.Getenv(binEnv)
	e.Setenv("PATH", bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	e.Setenv("NETHELPER", filepath.Join(bin, "nethelper"))
	e.Setenv("NETHELPER_POLICY", filepath.Join(e.WorkDir, "policy"))
	e.Setenv("NETHELPER_AUDIT", filepath.Join(e.WorkDir, "audit"))

	// Scripts start their processes from the goroutine that calls this.
	return ownNamespaces()
}

// skipped are the conditions that did not hold.
var skipped struct {
	sync.Mutex
	conditions []string
}

// condition decides [root] (uid 0 of the machine, with every privilege) and
// [kind:NAME] (the kernel can make links of that kind).
func condition(cond string) (bool, error) {
	var holds bool
	switch kind, isKind := strings.CutPrefix(cond, "kind:"); {
	case cond == "root":
		holds = isRoot()
	case isKind:
		holds = hasKind(kind)
	default:
		return false, fmt.Errorf("unknown condition %q", cond)
	}
	if !holds {
		skipped.Lock()
		defer skipped.Unlock()
		if !slices.Contains(skipped.conditions, cond) {
			skipped.conditions = append(skipped.conditions, cond)
		}
	}
	return holds, nil
}

// printSkipped tells what this machine could not run.
func printSkipped() {
	skipped.Lock()
	defer skipped.Unlock()
	slices.Sort(skipped.conditions)
	for _, cond := range skipped.conditions {
		fmt.Printf("not run here: what needs [%s]\n", cond)
	}
}

// isRoot reports whether this is root of the machine and not of a user namespace.
func isRoot() bool {
	uids, err := os.ReadFile("/proc/self/uid_map")
	return err == nil && os.Getuid() == 0 && strings.Join(strings.Fields(string(uids)), " ") == "0 0 4294967295"
}

var kinds sync.Map

// hasKind tries to make a link of the kind in a namespace made for the purpose.
func hasKind(kind string) bool {
	probe, _ := kinds.LoadOrStore(kind, sync.OnceValue(func() bool {
		args := []string{"--net", "ip", "link", "add", "probe0"}
		switch kind {
		case "vlan":
			args = []string{"--net", "sh", "-c", "ip link add probe1 type veth && ip link add probe0 link probe1 type vlan id 1"}
		case "macvlan", "macvtap":
			args = []string{"--net", "sh", "-c", "ip link add probe1 type veth && ip link add probe0 link probe1 type " + kind}
		case "vxlan":
			args = append(args, "type", "vxlan", "id", "1", "dstport", "4789")
		default:
			args = append(args, "type", kind)
		}
		return exec.Command("unshare", args...).Run() == nil
	}))
	return probe.(func() bool)()
}
