package test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
	examples, err := filepath.Abs("../policy/examples")
	if err != nil {
		return err
	}
	e.Setenv("EXAMPLES", examples)

	// Scripts start their processes from the goroutine that calls this.
	return ownNamespaces()
}

// condition decides [root] (uid 0 of the machine, with every privilege) and
// [kind:NAME] (the kernel can make links of that kind).
func condition(cond string) (bool, error) {
	if cond == "root" {
		return isRoot(), nil
	}
	if kind, ok := strings.CutPrefix(cond, "kind:"); ok {
		return hasKind(kind), nil
	}
	return false, fmt.Errorf("unknown condition %q", cond)
}

// TestConditions is skipped for each condition of a script that does not hold
// here, so that what was not run can be read off the summary.
func TestConditions(t *testing.T) {
	scripts, err := filepath.Glob("script/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	users := make(map[string][]string)
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^\[(root|kind:\w+)\]`).FindAllStringSubmatch(string(text), -1) {
			if name := filepath.Base(script); !slices.Contains(users[m[1]], name) {
				users[m[1]] = append(users[m[1]], name)
			}
		}
	}
	for _, cond := range slices.Sorted(maps.Keys(users)) {
		t.Run(cond, func(t *testing.T) {
			if holds, err := condition(cond); err != nil {
				t.Error(err)
			} else if !holds {
				t.Skipf("skip: not here; in part not run: %s", strings.Join(users[cond], ", "))
			}
		})
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
		case "tun":
			args = []string{"--net", "ip", "tuntap", "add", "dev", "probe0", "mode", "tun"}
		case "vxlan":
			args = append(args, "type", "vxlan", "id", "1", "dstport", "4789")
		default:
			args = append(args, "type", kind)
		}
		return exec.Command("unshare", args...).Run() == nil
	}))
	return probe.(func() bool)()
}
